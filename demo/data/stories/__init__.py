"""One contract each. The docstring of a story says what its contract shows."""

from demo.data.stories import (
    bracket,
    cafe_counter,
    catalogue,
    film_sound,
    gripper,
    handbook,
    logo,
    manual,
    pump_housing,
    pump_room,
    trade_stand,
)

STORIES = (
    pump_housing.story,
    cafe_counter.story,
    manual.story,
    film_sound.story,
    gripper.story,
    bracket.story,
    trade_stand.story,
    pump_room.story,
    logo.story,
    handbook.story,
    catalogue.story,
)
