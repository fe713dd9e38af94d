"""Why a picture is no sample."""


class Doubt(Exception):
    """A proof that failed: the reason is a past fact in snake case, the detail is for a person."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail
