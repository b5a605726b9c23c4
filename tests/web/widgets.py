"""For tests of widgets: campaigns in every state that a widget can meet."""

from datetime import timedelta

from campaigns.storage import campaigns, figures
from campaigns.storage.figures import Change
from tests.gifts import NOW, zloty
from tests.web.sites import Site

LONG = "Zażółć gęślą jaźń: bardzo długi tytuł zbiórki, który musi się zmieścić wszędzie i w każdej szerokości ramki"
WORD = "Konstantynopolitańczykowianeczka" * 5

# slug: goal, raised, on its way, supporters, title, and what else differs
STATES: dict[str, tuple[str | None, str, str, int, str, dict[str, object]]] = {
    "nothing": ("5000", "0", "0", 0, "Fundusz", {}),
    "little": ("5000", "20", "0", 1, "Fundusz", {}),
    "half": ("5000", "2285.50", "300", 34, "Fundusz wyjazdów prawników", {"closes_at": NOW + timedelta(days=22)}),
    "full": ("5000", "5000", "0", 102, "Fundusz", {}),
    "more": ("5000", "6850.99", "1200", 122, "Fundusz", {}),
    "no-goal": (None, "12345.67", "50", 5, "Fundusz", {}),
    "ended": ("5000", "4999.99", "0", 77, "Fundusz", {"closes_at": NOW - timedelta(days=2)}),
    "not-yet": ("5000", "0", "0", 0, "Fundusz", {"opens_at": NOW + timedelta(days=30)}),
    "long": ("2000000", "1234567.89", "123456.78", 12345, LONG, {"closes_at": NOW + timedelta(days=122)}),
    "word": ("5000", "700", "100", 12, WORD, {}),
}


def add(site: Site, slug: str) -> None:
    """One of the STATES. Its figures are set, not booked: what is tested is how they look."""
    goal, raised, pledged, supporters, title, changes = STATES[slug]
    texts = dict.fromkeys(("pl", "en"), (title, "O co chodzi w tej zbiórce, w kilku zdaniach. " * 8, "Opis"))
    site.add(slug, goal=zloty(goal) if goal else None, texts=texts, **changes)
    with site.keys.database.transaction() as connection:
        campaign = campaigns.by_slug(connection, slug)
        assert campaign is not None
        change = Change(zloty(raised), zloty(pledged), supporters, supporters)
        figures.change(connection, campaign.id, change)
