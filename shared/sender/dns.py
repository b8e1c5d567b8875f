"""Questions to the DNS, all at once. Importing this takes a tenth of a second: import it where it is used."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from dns.exception import DNSException
from dns.rdata import Rdata
from dns.rdtypes.ANY.TXT import TXT
from dns.resolver import NXDOMAIN, Resolver

from shared.sender.model import Answer, Question

PATIENCE: Final = 2.0
"""How many seconds an answer may take. After half of them the question is sent again: packets get lost."""


class DnsNames:
    """The DNS as a resolver sees it: the system's own, unless another is given."""

    def __init__(self, resolver: Resolver | None = None, *, patience: float = PATIENCE) -> None:
        self._resolver = resolver or Resolver()
        self._resolver.lifetime = patience
        self._resolver.timeout = patience / 2

    def answers(self, questions: Collection[Question]) -> Mapping[Question, Answer]:
        """Return the answer to each question, within seconds. Who does not answer in time has not answered."""
        with ThreadPoolExecutor(len(questions)) as threads:
            return dict(zip(questions, threads.map(self._answer, questions), strict=True))

    def _answer(self, question: Question) -> Answer:
        try:
            found = self._resolver.resolve(question.name, question.kind, raise_on_no_answer=False, search=False)
        except NXDOMAIN:
            return ()
        except DNSException:
            return None
        return tuple(_text(record) for record in found)


def _text(record: Rdata) -> str:
    """Return a record as text. A TXT record's strings are joined without anything between (RFC 7208, 3.3)."""
    if isinstance(record, TXT):
        return b"".join(record.strings).decode(errors="replace")
    return record.to_text().removesuffix(".")
