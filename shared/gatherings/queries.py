"""Gatherings as other contexts read them."""

from collections import OrderedDict
from typing import Final

from shared.gatherings.model import Gathering, GatheringNotFound
from shared.gatherings.ports import GatheringStore

_MOST_REMEMBERED: Final = 128


class GatheringReader:
    """Public gatherings by address. What is remembered is only good where its version is checked afterwards."""

    def __init__(self, store: GatheringStore) -> None:
        self._store = store
        self._remembered: OrderedDict[str, Gathering] = OrderedDict()

    def remembered(self, slug: str) -> Gathering:
        """Return the gathering as it was when last read; raise GatheringNotFound."""
        return self._remembered.get(slug) or self.fresh(slug)

    def fresh(self, slug: str) -> Gathering:
        """Return the gathering as it is, and remember it; raise GatheringNotFound."""
        gathering = self._store.get(self._store.id_of(slug))
        if not gathering.is_public:
            raise GatheringNotFound
        self._remembered[slug] = gathering
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return gathering

    def by_id(self, gathering_id: str) -> Gathering:
        """Return a gathering of any state as it is; raise GatheringNotFound."""
        return self._store.get(gathering_id)
