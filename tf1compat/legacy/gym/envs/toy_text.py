"""The classes of the problems on tables of letters."""

from __future__ import annotations

from gymnasium.envs.toy_text import blackjack, cliffwalking, frozen_lake, taxi

from ..adapted import Adapted

__all__ = ["BlackjackEnv", "CliffWalkingEnv", "FrozenLakeEnv", "TaxiEnv"]


def _class(name: str, inner: type, **fixed: object) -> type[Adapted]:
    def __init__(self: Adapted, *args: object, **kwargs: object) -> None:  # noqa: N807
        Adapted.__init__(self, inner(*args, **fixed, **kwargs))

    return type(name, (Adapted,), {"__init__": __init__, "__module__": __name__})


BlackjackEnv = _class("BlackjackEnv", blackjack.BlackjackEnv)
CliffWalkingEnv = _class("CliffWalkingEnv", cliffwalking.CliffWalkingEnv, render_mode="ansi")
TaxiEnv = _class("TaxiEnv", taxi.TaxiEnv, render_mode="ansi")


class FrozenLakeEnv(Adapted):
    def __init__(self, desc: object = None, map_name: str | None = "4x4", is_slippery: bool = True) -> None:
        inner = frozen_lake.FrozenLakeEnv(
            render_mode="ansi",
            desc=desc,  # type: ignore[arg-type]
            map_name=map_name,  # type: ignore[arg-type]
            is_slippery=is_slippery,
        )
        super().__init__(inner)
