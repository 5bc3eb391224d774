from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from files import media
from notifications.duties import Found, nightly

MOST_NAMED = 50


@nightly("rows and their files")
def compare_files() -> Found:
    """Nothing is removed: a file without a row may be the only one of a message whose restore is not done yet."""
    orphans, missing = media.parted()
    if not orphans and not missing:
        return Found(_("Each row has its file, and each file its row."))
    lines = [
        ngettext("%(count)d row has lost its file.", "%(count)d rows have lost their files.", len(missing))
        % {"count": len(missing)},
        *missing[:MOST_NAMED],
        ngettext("%(count)d file has no row.", "%(count)d files have no row.", len(orphans)) % {"count": len(orphans)},
        *orphans[:MOST_NAMED],
    ]
    return Found("\n".join(lines), is_wrong=True)
