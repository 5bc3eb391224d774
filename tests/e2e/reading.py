"""A page as a person finds their way in it: by the accessible names of its links, buttons and fields.

Forms are filled in and sent as a browser without JavaScript does. Standard library only. Source: HTML's form submission
and the accessible name computation, as far as server-rendered pages need them.
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "b", "button", "code", "del", "em", "i", "ins", "label", "small", "span", "strong", "svg"}
SILENT = {"script", "style", "template", "input", "select", "textarea"}
BUTTONS = {"submit", "image"}
NOT_TYPED_IN = {"hidden", "reset", "button", *BUTTONS}
LINE_END = re.compile(r"\r\n|\r|\n")


class NotOnPage(Exception):
    """What was looked for is not there. Says which page it is and what it offers instead."""


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None" = None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element | str] = []
        self.typed: str | None = None

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def has(self, name: str) -> bool:
        return name in self.attributes

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def up(self) -> Iterator["Element"]:
        """This element and all around it, from the inside out."""
        here: Element | None = self
        while here is not None:
            yield here
            here = here.parent

    def all(self, *tags: str) -> list["Element"]:
        return [element for element in self.walk() if element.tag in tags]

    def around(self, tag: str) -> "Element | None":
        return next((element for element in self.up() if element.tag == tag), None)

    @property
    def source(self) -> str:
        """All text below, as it is written."""
        return "".join(child if isinstance(child, str) else child.source for child in self.children)

    @property
    def text(self) -> str:
        """What a person hears: without what is hidden, white space collapsed."""
        return " ".join(_spoken(self).split())

    @property
    def is_hidden(self) -> bool:
        return any(_hides(element) for element in self.up())

    @property
    def is_disabled(self) -> bool:
        around = [element for element in self.up() if element is not self and element.tag == "fieldset"]
        return self.has("disabled") or any(fieldset.has("disabled") for fieldset in around)

    @property
    def kind(self) -> str:
        if self.tag == "input":
            return self.get("type").lower() or "text"
        return self.get("type").lower() or "submit" if self.tag == "button" else self.tag

    @property
    def value(self) -> str:
        """What the control would send, with the line ends of the page, not of the network."""
        if self.typed is not None:
            return self.typed
        if self.tag == "textarea":
            return self.source.removeprefix("\n")
        if self.tag == "select":
            return next((_option_value(option) for option in self.chosen), "")
        return self.get("value") if self.has("value") or self.kind not in {"checkbox", "radio"} else "on"

    @property
    def options(self) -> list["Element"]:
        return self.all("option")

    @property
    def chosen(self) -> list["Element"]:
        """The options of a select that are chosen; of a closed list, the last marked one or else the first."""
        marked = [option for option in self.options if option.has("selected")]
        if self.has("multiple"):
            return marked
        return marked[-1:] or [option for option in self.options if not option.has("disabled")][:1]

    def choose(self, wanted: str) -> None:
        """The option with this text, or else the first that contains it. Errors: NotOnPage."""
        texts = [option.text for option in self.options]
        found = [text for text in texts if text == wanted] or [text for text in texts if wanted in text]
        if not found:
            raise NotOnPage(f"no option “{wanted}” among {texts[:20]}")
        for option in self.options:
            option.attributes.pop("selected", None)
        self.options[texts.index(found[0])].attributes["selected"] = ""

    def tick(self) -> None:
        """Check this box; of radio buttons, only this one of its group stays checked."""
        form = self.around("form")
        if self.kind == "radio" and form:
            for other in form.all("input"):
                if other.kind == "radio" and other.get("name") == self.get("name"):
                    other.attributes.pop("checked", None)
        self.attributes["checked"] = ""


def _hides(element: Element) -> bool:
    is_closed = element.tag == "dialog" and not element.has("open")
    return element.has("hidden") or element.has("inert") or element.get("aria-hidden") == "true" or is_closed


def _spoken(element: Element) -> str:
    """Text in a block stands apart from its neighbours; text in a line runs on."""
    parts = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.tag not in SILENT and not _hides(child):
            inner = child.get("aria-label").strip() or child.get("alt") or _spoken(child)
            parts.append(inner if child.tag in INLINE else f" {inner} ")
    return "".join(parts)


def _option_value(option: Element) -> str:
    return option.get("value") if option.has("value") else option.text


class _Builder(HTMLParser):
    """The tree of a page that closes what it opens, as this site's pages do."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in reversed(attrs)}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        opened = self.here.around(tag)
        if opened and opened.parent:
            self.here = opened.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


class Submission(NamedTuple):
    method: str
    url: str
    pairs: list[tuple[str, str]]


class Page:
    def __init__(self, html: str, url: str = "", status: int = 200) -> None:
        self.url, self.status = url, status
        builder = _Builder()
        builder.feed(LINE_END.sub("\n", html))
        builder.close()
        self.root = builder.root
        self._by_id = {element.get("id"): element for element in reversed([*self.root.walk()]) if element.has("id")}
        self._labels: dict[Element, list[Element]] = {}
        for label in self.root.all("label"):
            inside = label.all("input", "select", "textarea")
            control = self._by_id.get(label.get("for")) if label.has("for") else next(iter(inside), None)
            if control:
                self._labels.setdefault(control, []).append(label)

    # --- Names --------------------------------------------------------------------------------------------------------
    def name(self, element: Element) -> str:
        """By which a person, or the software that reads to them, calls this element."""
        pointed = [self._by_id[id_] for id_ in element.get("aria-labelledby").split() if id_ in self._by_id]
        if pointed:
            return " ".join(part.text for part in pointed)
        own = element.get("aria-label").strip() or self._own_name(element)
        return " ".join((own or element.get("title")).split()) or element.get("placeholder")

    def _own_name(self, element: Element) -> str:
        if element.tag == "input" and element.kind in BUTTONS:
            return element.get("value")
        if element.tag in {"input", "select", "textarea"}:
            return " ".join(label.text for label in self._labels.get(element, []))
        if element.tag == "fieldset":
            return next((legend.text for legend in element.all("legend")), "")
        return "" if element.get("role") == "group" or element.tag == "section" else element.text

    def description(self, element: Element) -> str:
        """Hint and error of a field."""
        parts = [self._by_id.get(id_) for id_ in element.get("aria-describedby").split()]
        return " ".join(part.text for part in parts if part)

    # --- What is there ------------------------------------------------------------------------------------------------
    @property
    def title(self) -> str:
        return next((element.text for element in self.root.all("title")), "")

    @property
    def links(self) -> list[Element]:
        return self._shown(lambda element: element.tag == "a" and element.has("href"))

    @property
    def buttons(self) -> list[Element]:
        """What sends a form; those that cannot be pressed are not among them."""
        tags = {"button", "input"}
        sends = [element for element in self.root.walk() if element.tag in tags and element.kind in BUTTONS]
        return [element for element in sends if not (element.is_disabled or element.is_hidden)]

    @property
    def fields(self) -> list[Element]:
        tags = {"input", "select", "textarea"}
        return self._shown(lambda element: element.tag in tags and element.kind not in NOT_TYPED_IN)

    @property
    def groups(self) -> list[Element]:
        return self._shown(lambda element: element.tag == "fieldset" or element.get("role") == "group")

    def _shown(self, wanted: Callable[[Element], bool]) -> list[Element]:
        return [element for element in self.root.walk() if wanted(element) and not element.is_hidden]

    def named(self, wanted: str, among: list[Element]) -> list[Element]:
        """Those of exactly this name, or else those whose name begins with it and goes on after a whole word."""
        names = [(element, self.name(element)) for element in among]
        exact = [element for element, name in names if name == wanted]
        beginning = re.compile(re.escape(wanted) + r"(?!\w)")
        return exact or [element for element, name in names if beginning.match(name)]

    def link(self, name: str, nth: int = 0) -> Element:
        return self._one("link", name, nth, self.links)

    def button(self, name: str, nth: int = 0) -> Element:
        return self._one("button", name, nth, self.buttons)

    def field(self, name: str, nth: int = 0) -> Element:
        return self._one("field", name, nth, self.fields)

    def group(self, name: str, nth: int = 0) -> Element:
        return self._one("group", name, nth, self.groups)

    def _one(self, what: str, name: str, nth: int, among: list[Element]) -> Element:
        """Of several with the same name the `nth`, in the order of the page; −1 is the last."""
        found = self.named(name, among)
        if not -len(found) <= nth < len(found):
            which = f"{what} “{name}”" + (f" number {nth + 1} of {len(found)}" if found else "")
            there = ", ".join(f"“{self.name(element)}”" for element in among) or "none"
            raise NotOnPage(f"no {which} on {self}; it has: {there[:600]}")
        return found[nth]

    def target(self, link: Element) -> Element | None:
        """What a link within this page leads to."""
        return self._by_id.get(urldefrag(link.get("href")).fragment) if link.get("href").startswith("#") else None

    @property
    def alerts(self) -> list[Element]:
        return self._shown(lambda element: element.get("role") == "alert")

    def __str__(self) -> str:
        says = " ".join(alert.text for alert in self.alerts) or " ".join(main.text for main in self.root.all("main"))
        return f"“{self.title}” ({self.status}, {self.url}), which says: {says[:400]}"

    # --- Sending a form -----------------------------------------------------------------------------------------------
    def submission(self, button: Element) -> Submission:
        """What pressing this button sends."""
        form = self._form_of(button)
        if form is None:
            raise NotOnPage(f"the button “{self.name(button)}” belongs to no form on {self}")
        method = (button.get("formmethod") or form.get("method") or "get").lower()
        url = urljoin(self.url, button.get("formaction") or form.get("action") or self.url)
        controls = [element for element in self.root.walk() if self._form_of(element) is form]
        pairs = [pair for control in controls for pair in _sent(control, button)]
        return Submission(method, url, [(_for_the_network(name), _for_the_network(value)) for name, value in pairs])

    def _form_of(self, control: Element) -> Element | None:
        if control.tag not in {"input", "select", "textarea", "button"}:
            return None
        return self._by_id.get(control.get("form")) if control.has("form") else control.around("form")


def _sent(control: Element, button: Element) -> list[tuple[str, str]]:
    name = control.get("name")
    is_other_button = control.kind in {"reset", "button", *BUTTONS} and control is not button
    is_unticked = control.kind in {"checkbox", "radio"} and not control.has("checked")
    if not name or control.is_disabled or is_other_button or is_unticked or control.kind == "file":
        return []
    if control.tag == "select":
        return [(name, _option_value(option)) for option in control.chosen]
    return [(name, control.value)]


def _for_the_network(text: str) -> str:
    return LINE_END.sub("\r\n", text)
