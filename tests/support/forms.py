"""What a browser makes of a page with a form: its fields, as they would be sent, its ids, links and text."""

from html.parser import HTMLParser

_UNTICKED = ("radio", "checkbox")


class Page(HTMLParser):
    """The fields of the page's last form as a browser would send them, its ids, links and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.ids: list[str] = []
        self.described: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self._within: str | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note what the tag says."""
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.ids.append(given["id"])
        self.described += given.get("aria-describedby", "").split()
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "form":
            self.sent = {}
        if tag == "input" and (given["type"] not in _UNTICKED or "checked" in given):
            self._send(given["name"], given.get("value", ""))
        if tag == "textarea":
            self._within = given["name"]
            self._send(given["name"], "")
        if tag == "select":
            self._select = given["name"]
        if tag == "option" and self._select and (self._select not in self.sent or "selected" in given):
            # The first option is chosen unless another says that it is.
            self.sent[self._select] = [given["value"]]

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        if tag == "textarea" and self._within:
            # A browser drops the first line break, and ends lines with two characters.
            self.sent[self._within] = [self.sent[self._within][0].removeprefix("\n").replace("\n", "\r\n")]
            self._within = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        """Note what is said."""
        self.text += data
        if self._within:
            self.sent[self._within][0] += data

    def _send(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)
