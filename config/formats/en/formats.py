"""How English pages write days and moments. Other languages keep the formats that Django has for them."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
