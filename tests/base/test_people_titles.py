"""A title or a role in any case gives its person away, and an official name is not one. Every name here is invented."""

import pytest

from connectors.base.people import CUT, without_people

INTRODUCED = [
    ("Il responsabile del procedimento è il dott. Luca Verdi", f"Il responsabile del procedimento è il dott. {CUT}"),
    ("RUP: geom. Luca Verdi", f"RUP: geom. {CUT}"),
    ("Responsabile: dr. Luigi Neri", f"Responsabile: dr. {CUT}"),
    ("R.U.P. arch. Giovanni Bianchi", f"R.U.P. arch. {CUT}"),
    ("il dott. Mario Rossi", f"il dott. {CUT}"),
    ("la sig.ra Anna Bianchi", f"la sig.ra {CUT}"),
    ("prof. Anna Neri", f"prof. {CUT}"),
    ("avv. Paolo Blu", f"avv. {CUT}"),
    ("Il RUP è l'ing. Paolo Rossi", f"Il RUP è l'ing. {CUT}"),
    ("Il RUP è l’ing. Paolo Rossi", f"Il RUP è l’ing. {CUT}"),
    ("RESPONSABILE: MARIO ROSSI", f"RESPONSABILE: {CUT}"),
    ("DOTT. MARIO ROSSI", f"DOTT. {CUT}"),
    ("RUP MARIO ROSSI", f"RUP {CUT}"),
    ("Director John Smith", f"Director {CUT}"),
    ("procurement officer Jane O'Brien", f"procurement officer {CUT}"),
    ("Contacto: D. José García López", f"Contacto: {CUT}"),
    ("Osoba do kontaktu: Jan Kowalski", f"Osoba do kontaktu: {CUT}"),
    ("Osoba do kontaktu: Żaneta Kowalska", f"Osoba do kontaktu: {CUT}"),
    ("Responsabile - Mario Rossi", f"Responsabile - {CUT}"),
    ("Direttore Avv. Paolo Blu", f"Direttore Avv. {CUT}"),
    ("M. Jean Martin", f"M. {CUT}"),
    ("<th>Responsabile</th><td>Mario Rossi</td>", f"<th>Responsabile</th><td>{CUT}</td>"),
    ("Responsabile\nMario Rossi", f"Responsabile\n{CUT}"),
    ("Dott. Mario Rossi Ufficio Gare", f"Dott. {CUT} Ufficio Gare"),
    ("Contatto: Mario Rossi Via Roma 3", f"Contatto: {CUT} Via Roma 3"),
    ("RUP: Mario Rossi\nSettore Cultura", f"RUP: {CUT}\nSettore Cultura"),
    ("for details please contact Jane Smith by phone", f"for details please contact {CUT} by phone"),
    ("all'Avv.to Paolo Blu, Mme. Solange Vaucourt", f"all'Avv.to {CUT}, Mme. {CUT}"),
    ("RUP Arch.G.Bianchi", f"RUP Arch.{CUT}"),
    ("cell: 0599 12 34 56", f"cell: {CUT}"),
]
OFFICIAL = [
    "Servizi di telefonia mobile 2027-2030",
    "Servizi di telefonia mobile: 2027-2030",
    "Rete mobile 2027/28 e tel. 2027-2030",
    "Servizi mobile 120 000 utenti",
    "Istituto Comprensivo M. Polo",
    "Istituto Comprensivo M. Polo Venezia",
    "Liceo 'M. Curie'",
    "Liceo 'M. Curie' Roma",
    "Klinikum Dr. Hancken GmbH",
    "Klinikum Dr. Hancken, Erweiterungsbau",
    "Dr. Hancken GmbH, Prof. Lindenthal-Schule",
    "Affidamento del servizio di Responsabile Protezione Dati",
    "Incarico di Direttore Esecuzione Contratto",
    "Servizio di Responsabile Transizione Digitale",
    "Concorso per Funzionario Contabile Esperto",
    "Attention Deficit Hyperactivity Disorder Clinic",
    "Contact Tracing System",
    "Contact-Tracing Apps",
    "Acquisto DRONI e MS Excel, DR Congo, FRAU UND BERUF, do not miss Innovation Day",
    "REFERENTE TECNICO AMMINISTRATIVO, SACHBEARBEITER FINANZEN UND STEUERN",
    "Contact: Hill City Council",
    "Contact us or contact the Hill City Council",
    "Contatto: A.S.L. Roma",
    "Bidders must contact the Contracting Party, or contact Harbour Authority",
]


@pytest.mark.parametrize(("text", "left"), INTRODUCED)
def test_a_title_or_role_in_any_case_loses_its_name_and_nothing_else(text: str, left: str) -> None:
    assert without_people(text) == left


@pytest.mark.parametrize("text", OFFICIAL)
def test_an_official_title_or_organisation_stays_whole(text: str) -> None:
    assert without_people(text) == text
