"""Which part of the ledger somebody looks at: the same on a page, in its totals, and in an export."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.periods import Span


@dataclass(frozen=True, slots=True)
class Selection:
    """Entries of these days that meet every condition given.

    `campaign` is a slug; `account` one of accounts.ALL that the entry has a posting on; `gateway` a provider's word.
    `least` and `most` bound what the entry moves (and mean entries in their currency); `words` are looked for in the
    memo, or name an entry's number, or a provider's id.
    """

    span: Span = field(default_factory=Span)
    campaign: str | None = None
    account: str | None = None
    kind: EntryKind | None = None
    gateway: str | None = None
    least: Money | None = None
    most: Money | None = None
    words: str = ""

    @property
    def is_indexed(self) -> bool:
        """Whether its totals can be told from the stored ones, without a look at the entries."""
        return self.least is None and self.most is None and not self.words
