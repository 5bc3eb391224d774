from messaging.actions.changing import changeable, delete, edit
from messaging.actions.posting import TooFast, post
from messaging.actions.reading import read

__all__ = ["TooFast", "changeable", "delete", "edit", "post", "read"]
