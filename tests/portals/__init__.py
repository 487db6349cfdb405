"""Simulators: small real HTTP servers on loopback that speak a platform's protocol, at any size, with any fault."""
