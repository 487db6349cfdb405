"""A memory of one process: what the store keeps, in a dict. The clients of tests and simulators use it."""


class DictMemory:
    """Implements `contract.Memory`; `kept` is open to look at, and to write to."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.writes = 0

    def recall(self, key: str) -> str | None:
        return self.kept.get(key)

    def remember(self, key: str, value: str | None) -> None:
        self.writes += 1
        if value is None:
            self.kept.pop(key, None)
        else:
            self.kept[key] = value
