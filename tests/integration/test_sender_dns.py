"""Questions to a DNS server of the test's own, over UDP."""

import socket
import time
from collections.abc import Iterator
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Thread
from typing import Final

import dns.flags
import dns.message
import dns.rrset
import pytest
from dns.rcode import NOERROR, NXDOMAIN, REFUSED, SERVFAIL, Rcode
from dns.resolver import Resolver

from shared.sender.dns import PATIENCE, DnsNames
from shared.sender.model import Answer, Kind, Question

PATIENT: Final = 0.6

ZONE: Final[dict[str, tuple[Rcode, list[str]]]] = {
    "one.example.": (NOERROR, ['one.example. TXT "v=spf1 -all"']),
    "two.example.": (NOERROR, ['two.example. TXT "v=spf1 -all" "" "other"', 'two.example. TXT "second"']),
    "long.example.": (NOERROR, ['long.example. TXT "v=spf1 include:amazon" "ses.com" " -all"']),
    "latin.example.": (NOERROR, ['latin.example. TXT "bl\\229b\\195\\166r"']),
    "key.example.": (NOERROR, ["key.example. CNAME Key.dkim.amazonses.com."]),
    "alias.example.": (NOERROR, ["alias.example. CNAME kept.example.", 'kept.example. TXT "v=DMARC1; p=none"']),
    "bare.example.": (NOERROR, []),
    "astray.example.": (NOERROR, ["astray.example. CNAME bare.example."]),
    "absent.example.": (NXDOMAIN, []),
    "failing.example.": (SERVFAIL, []),
    "refusing.example.": (REFUSED, []),
}
"""Who is not in it is not answered; `late.example.` is, when it is asked again."""


class Server(ThreadingUDPServer):
    """A DNS server of the zone."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[str] = []

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def reply(self, question: bytes) -> bytes | None:
        query = dns.message.from_wire(question)
        name = str(query.question[0].name)
        self.asked.append(name)
        if name == "noise.example.":
            return b"noise"
        if name == "late.example." and self.asked.count(name) > 1:
            name = "bare.example."
        if name not in ZONE:
            return None
        code, records = ZONE[name]
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        reply.set_rcode(code)
        for record in records:
            owner, kind, value = record.split(" ", 2)
            reply.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, value))
        return reply.to_wire()


class Answering(BaseRequestHandler):
    """One question."""

    server: Server

    def handle(self) -> None:
        question, back = self.request
        if reply := self.server.reply(question):
            back.sendto(reply, self.client_address)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def names(port: int) -> DnsNames:
    resolver = Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    return DnsNames(resolver, patience=PATIENT)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("one.example", Kind.TXT, ("v=spf1 -all",)),
        ("two.example", Kind.TXT, ("v=spf1 -allother", "second")),
        ("long.example", Kind.TXT, ("v=spf1 include:amazonses.com -all",)),
        ("latin.example", Kind.TXT, ("bl\ufffdbær",)),
        ("key.example", Kind.CNAME, ("Key.dkim.amazonses.com",)),
        ("alias.example", Kind.TXT, ("v=DMARC1; p=none",)),
        ("alias.example", Kind.CNAME, ("kept.example",)),
        ("bare.example", Kind.TXT, ()),
        ("bare.example", Kind.CNAME, ()),
        ("astray.example", Kind.TXT, ()),
        ("absent.example", Kind.TXT, ()),
        ("absent.example", Kind.CNAME, ()),
        ("late.example", Kind.TXT, ()),
        ("failing.example", Kind.TXT, None),
        ("refusing.example", Kind.CNAME, None),
        ("silent.example", Kind.TXT, None),
        ("noise.example", Kind.TXT, None),
        (f"{'x' * 64}.example", Kind.TXT, None),
        ("two..dots.example", Kind.TXT, None),
    ],
)
def test_each_answer_is_records_or_none(server: Server, name: str, kind: Kind, expected: Answer) -> None:
    question = Question(name, kind)

    found = names(server.port).answers([question])[question]

    assert found == expected if found is None else sorted(found) == sorted(expected or ())


def test_all_questions_are_asked_at_once(server: Server) -> None:
    silent = [Question(f"silent{number}.example", Kind.TXT) for number in range(6)]
    told = Question("one.example", Kind.TXT)

    began = time.monotonic()
    found = names(server.port).answers([*silent, told])

    assert time.monotonic() - began < 4 * PATIENT
    assert found == {one: None for one in silent} | {told: ("v=spf1 -all",)}


def test_who_cannot_be_reached_has_not_answered() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    question = Question("one.example", Kind.TXT)

    assert names(port).answers([question]) == {question: None}


def test_the_systems_resolver_is_given_two_seconds() -> None:
    resolver = Resolver(configure=False)

    DnsNames(resolver)

    assert (resolver.lifetime, resolver.timeout) == (PATIENCE, PATIENCE / 2) == (2.0, 1.0)
