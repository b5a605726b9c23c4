"""Proving the books: every stored figure is added up anew from the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from campaigns.domain.campaign import GUARDED_STEP_MAJOR, Figures
from campaigns.domain.money import Money
from campaigns.services.comparing import broken_seals
from campaigns.services.keys import Keys
from campaigns.storage import proofs, rollups
from campaigns.storage.database import Database
from campaigns.storage.proofs import CampaignProof


@dataclass(frozen=True, slots=True)
class Check:
    """What the check found: a proof for each campaign, and a sentence for every fault."""

    proofs: list[CampaignProof]
    faults: list[str]


def check_all(keys: Keys) -> Check:
    """All figures, and the seals of all closed months."""
    check = check_books(keys.database)
    return replace(check, faults=[*check.faults, *broken_seals(keys)])


def check_books(database: Database) -> Check:
    """Read everything in one state of the database and compare; it changes nothing and repairs nothing."""
    with database.snapshot() as connection:
        campaign_proofs = proofs.campaign_proofs(connection)
        faults = [f"entry {number} does not balance" for number in proofs.unbalanced_entries(connection)]
        faults += [f"entry {number} does not say what its postings say" for number in proofs.misstated(connection)]
        faults += [
            f"payment {number} counts another amount than its entries"
            for number in proofs.payments_unlike_books(connection)
        ]
        faults += [
            f"payment {number} counts another amount than came and stayed"
            for number in proofs.payments_at_odds(connection)
        ]
        faults += [f"the stored totals of {period} are wrong" for period in rollups.wrong_totals(connection)]
        faults += [f"{slug}: there is no booked total" for slug in proofs.campaigns_without_total(connection)]
    for proof in campaign_proofs:
        faults.extend(_campaign_faults(proof))
    return Check(campaign_proofs, faults)


def _campaign_faults(proof: CampaignProof) -> Iterator[str]:
    booked, again = proof.booked, proof.recounted
    if booked.raised != again.raised:
        yield f"{proof.slug}: the booked total is {booked.raised}, the ledger sums to {again.raised}"
    if booked.pledged != again.pledged:
        yield f"{proof.slug}: {booked.pledged} stand as pledged, the payments sum to {again.pledged}"
    if (booked.supporters, booked.gifts) != (again.supporters, again.gifts):
        yield (
            f"{proof.slug}: {booked.supporters} supporters and {booked.gifts} gifts stand, "
            f"counted are {again.supporters} and {again.gifts}"
        )
    shown = proof.published
    if proof.figures is Figures.GUARDED and shown is not None:
        step = Money.of(GUARDED_STEP_MAJOR, shown.raised.currency)
        if shown.raised != shown.raised.rounded_down(step) or shown.pledged != shown.pledged.rounded_down(step):
            yield f"{proof.slug}: the published figures are not rounded"
        if shown.gifts > booked.gifts:
            yield f"{proof.slug}: the published figures know of more gifts than the books"
