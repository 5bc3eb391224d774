"""How the interface speaks of people: by their first names, unless that would be nobody's name.

"Dr. Ben Hart" is not "Dr.", and "The Paper Mill Ltd" is not "The": titles, articles and companies keep the whole name.
"""

import re

_PART = re.compile(r"[^\W\d_]+(?:['’\-‐·][^\W\d_]+)*")
_INITIAL = re.compile(r"[^\W\d_]\.")
_PARTICLES = " al bin da de del della den der di dos du ibn la le ten van von y "
_NO_FIRST_NAMES = """
 dr prof professor mr mrs ms mx miss sir dame lord lady dipl ing mag rev fr sr herr frau signor signora señor señora
 monsieur madame maître don doña the der die das la le les l el los las il lo gli i un une ein eine het een o os a as st
 studio atelier agentur agence agency büro bureau firma team club verein association museum hotel café stiftung
 fondation foundation stadt city new big black blue red green white old young north south east west """
_COMPANIES = """
 ltd limited inc incorporated llc llp plc corp corporation co company gmbh mbh ag kg ug ohg gbr ev sarl sas sa srl spa
 snc bv nv ab aps oy oyj as asa kft sro zrt doo sp zoo pty pte group gruppe holding holdings partner partners associates
 consulting consultants services solutions systems software technologies technology tech lab labs media design designs
 studio studios agency architects architecture engineering productions production films film press publishing verlag
 books works werke workshop werkstatt mill mills foundry brewery bakery farm farms shop store trading industries
 industrial international global digital interactive creative collective cooperative coop foundation institute
 university school college academy hospital clinic museum gallery theatre theater orchestra church council ministry
 department team club society association union trust bank insurance partnership brothers bros sons and und et """


def line(name: str) -> str:
    """The name as two are compared."""
    return " ".join(name.split()).casefold()


def short(name: str) -> str:
    """The first name of a person; the whole name of whatever does not look like one."""
    words = name.split()
    return words[0] if len(words) > 1 and _is_of_a_person(words) else " ".join(words)


def apart(name: str, other: str) -> str:
    """The short name, or the whole one where the other is called the same."""
    return " ".join(name.split()) if short(name).casefold() == short(other).casefold() else short(name)


def _is_of_a_person(words: list[str]) -> bool:
    """Two to four words that are letters, of which none is a title, an article, or what companies are called."""
    names = [word for word in words if not _is_one(word, _PARTICLES)]
    return (
        2 <= len(names) <= 4
        and len(words[0]) > 1
        and not _is_one(words[0], _NO_FIRST_NAMES)
        and all(_PART.fullmatch(word) or (number and _INITIAL.fullmatch(word)) for number, word in enumerate(words))
        and not any(_is_one(word, _COMPANIES) for word in words[1:])
    )


def _is_one(word: str, of: str) -> bool:
    return word.casefold() in of.split()
