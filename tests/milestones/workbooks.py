"""Small workbooks as Excel and LibreOffice write them: cells are words, numbers, days, or nothing."""

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Cell = str | int | float | datetime.date | None
Rows = Sequence[Sequence[Cell]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_EPOCH = datetime.date(1899, 12, 30)


def archive(parts: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return packed.getvalue()


def xlsx(sheets: Mapping[str, Rows], *, hidden: Sequence[str] = (), sheet_xml: str = "") -> bytes:
    """`sheet_xml`: what stands in each sheet instead of rows."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": _links([("book", "officeDocument", "xl/workbook.xml")]),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
        ),
    }
    listed, links = "", [("styles", "styles", "styles.xml")]
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = "hidden" if name in hidden else "visible"
        listed += f'<sheet name="{escape(name)}" sheetId="{number}" state="{state}" r:id="sheet{number}"/>'
        links.append((f"sheet{number}", "worksheet", f"worksheets/sheet{number}.xml"))
        data = f"<sheetData>{sheet_xml or _rows(rows)}</sheetData>"
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{_MAIN}">{data}</worksheet>'
    parts["xl/_rels/workbook.xml.rels"] = _links(links)
    parts["xl/workbook.xml"] = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    return archive(parts)


def _links(links: Sequence[tuple[str, str, str]]) -> str:
    each = [f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in links]
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>'


def _rows(rows: Rows) -> str:
    return "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)


def _cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, datetime.date):
        return f'<c s="1"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f"<c><v>{cell!r}</v></c>"


def ods(sheets: Mapping[str, Rows], *, table_xml: str = "") -> bytes:
    tables = [
        f'<table:table table:name="{escape(name)}">{table_xml or _table_rows(rows)}</table:table>'
        for name, rows in sheets.items()
    ]
    spaces = "".join(f' xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text", "manifest"))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    return archive(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f"<manifest:manifest{spaces}>{entry}</manifest:manifest>",
            "content.xml": f"<office:document-content{spaces}>{body}</office:document-content>",
        }
    )


def _table_rows(rows: Rows) -> str:
    return "".join(f"<table:table-row>{''.join(map(_table_cell, row))}</table:table-row>" for row in rows)


def _table_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, datetime.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
