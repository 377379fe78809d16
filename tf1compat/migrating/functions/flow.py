"""Which statements of a scope become the body of the step, and which stay around it."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from .placeholders import Placeholder
from .running import is_import, running_units
from .runs import Left, Run
from .scopes import Body, Unit
from .tensorflow_names import PURE, READERS, draws

__all__ = ["Flow", "Pulled"]

_NUMPY_RANDOM = re.compile(r"\brandom\b|\bshuffle\b|next_batch")


class Flow:
    """The statements that one step is made of.

    Attributes:
      inside: the units of the step's body, placeholders among them.
      tainted: those of them that hang on a placeholder.
      kept_out: units that stay outside although they could go in; set by whoever needs them there.
      pulled: units that go in although they stand before; so, too.
    """

    def __init__(self, body: Body, group: list[Placeholder], foreign: set[Unit], runs: list[Run], seeded: bool) -> None:
        self.body, self.group, self.seeded = body, group, seeded
        self._tensorflow = body.program.tensorflow
        self._foreign = foreign
        self._statements = {placeholder.statement for placeholder in group}
        self.kept_out: set[Unit] = set()
        self.pulled: set[Unit] = set()
        self.forced, self.barrier = running_units(body, runs, {placeholder.name for placeholder in group})
        self.inside: set[Unit] = set()
        self.tainted: set[Unit] = set()
        self.spread()

    def spread(self) -> None:
        """Work out what is inside."""
        self.inside = {placeholder.unit for placeholder in self.group}
        self.tainted = self._closed(set(self.inside))
        self.inside = self._closed(self.tainted | self.pulled)
        while True:
            more = self._closed(self.inside | self._between())
            if more == self.inside:
                break
            self.inside = more
        if not any(unit.at < self.barrier for unit in self.real()):
            raise Left(self.group[0].call, f"nothing is built from {self.group[0].name} before the graph is run")

    def real(self) -> list[Unit]:
        """What is inside, in order, less the placeholders themselves."""
        return [unit for unit in self.body.units if unit in self.inside and unit.node not in self._statements]

    def _may_enter(self, unit: Unit) -> bool:
        return unit not in self.forced and unit not in self.kept_out and unit not in self._foreign

    def _closed(self, inside: set[Unit]) -> set[Unit]:
        """With all that reads what is inside."""
        while True:
            first = min(unit.at for unit in inside)
            more = {
                unit
                for unit in self.body.units
                if unit not in inside
                and self._may_enter(unit)
                and (
                    self._reads(unit, inside)
                    or (unit.at > first and self._reads_collections(unit))
                )
            }
            if not more:
                return inside
            inside = inside | more

    def _reads_collections(self, unit: Unit) -> bool:
        return not unit.is_deferred and self._in_this_graph(unit) and self._tensorflow.reads_collections(unit.node)

    def _in_this_graph(self, unit: Unit) -> bool:
        """Whether a unit stands with the placeholders, or in a `with` there that names no other graph."""
        home = self.group[0].unit.home
        while unit.home is not home:
            head = self.body.unit(unit.home)
            if head is None or not self.body.is_session_alone(head):
                return False
            unit = head
        return True

    def _reads(self, unit: Unit, inside: set[Unit]) -> bool:
        return any(source in inside for name in unit.reads for source in self.body.found(name, unit))

    def _between(self) -> set[Unit]:
        """What builds other parts of the graph amid the statements that are inside."""
        early = [unit.at for unit in self.real() if unit.at < self.barrier]
        if not early:
            return set()
        first = self.group[0].unit.at if self.seeded else early[0]
        return {
            unit
            for unit in self.body.units[first : self.barrier]
            if self._may_enter(unit)
            and not unit.is_deferred
            and unit.home is self.body.units[early[0]].home
            and self.builds(unit)
        }

    def builds(self, unit: Unit) -> bool:
        """Whether a unit puts something into the graph, or works with what does."""
        if is_import(unit):
            return False
        if self._tensorflow.builds(unit.node):
            return True
        sources = (source for name in unit.reads for source in self.body.found(name, unit))
        return any(source.at < unit.at and not source.is_deferred and self.builds(source) for source in sources)

    @property
    def is_pure(self) -> bool:
        """Whether what is inside hangs on the arguments alone, so that it does not matter when it is built."""
        try:
            for unit in self.real():
                self._check_movable(unit, self.placement())
        except Left:
            return False
        sources = (source for unit in self.real() for name in unit.reads for source in self.body.found(name, unit))
        return all(source in self.inside or is_import(source) for source in sources)

    # Where the step stands, and what may pass what.

    def placement(self) -> Unit:
        """The unit in whose place the step is written."""
        early = [unit for unit in self.real() if unit.at < self.barrier]
        home = early[0].home
        return [unit for unit in early if unit.home is home][-1]

    def moved(self) -> list[Unit]:
        """What is inside and stands behind the place of the step, or in another block."""
        place = self.placement()
        return [unit for unit in self.real() if unit.at > place.at or unit.home is not place.home]

    def ordered(self) -> list[Unit]:
        """What is inside, in the order that the step has it."""
        place = self.placement()
        late = [unit for unit in self.moved() if unit.at > place.at]
        return [unit for unit in self.real() if unit not in late] + late

    def check(self) -> None:
        """Raise `Left` where the order of what happens would change."""
        place = self.placement()
        for unit in self.moved():
            self._check_movable(unit, place)
        before: list[Unit] = []
        for unit in self.body.units[: place.at + 1]:
            if unit in self.inside:
                before.append(unit)
            elif before:
                self._check_passes(unit, before)
        for unit in self.real():
            self._check_statement(unit)
        self._check_locals()
        self._check_seeds()

    def _check_movable(self, unit: Unit, place: Unit) -> None:
        node = unit.node
        if not (isinstance(node, cst.SimpleStatementLine) and all(isinstance(one, cst.Assign) for one in node.body)):
            raise Left(node, "it builds on the graph after the graph was run")
        self.check_pure(node)
        for name in unit.reads:
            for source in self.body.found(name, unit):
                if source not in self.inside and source.at > place.at:
                    raise Left(node, f"it builds on the graph, with {name} that is bound after the graph was run")

    def check_pure(self, node: cst.CSTNode) -> None:
        """Raise `Left` for what may make variables or random operations, or do something else besides building."""
        for call in m.findall(node, m.Call()):
            assert isinstance(call, cst.Call)
            name = self._tensorflow.name(call.func)
            if name is None or name.removeprefix("math.") not in PURE | READERS:
                raise Left(node, f"it calls {self.body.program.code(call.func)} after the graph was run")

    def _check_passes(self, unit: Unit, before: list[Unit]) -> None:
        """A unit that stays outside will stand before the step, and so before what stood before it."""
        code = self.body.program.code
        for other in before:
            clash = unit.writes & (other.reads | other.writes) if not other.is_deferred else unit.writes & other.writes
            if clash:
                raise Left(unit.node, f"it binds {min(clash)} amid the statements that build the graph")
            if other.node in self._statements or unit.is_deferred or unit.is_head:
                continue
            if m.findall(unit.node, m.Return() | m.Yield() | m.Await()):
                raise Left(unit.node, "it may leave the function amid the statements that build the graph")
            if _NUMPY_RANDOM.search(code(unit.node)) and _NUMPY_RANDOM.search(_less_tensorflow(code(other.node))):
                raise Left(unit.node, "it and the statements that build the graph draw random numbers in turn")
        if self.seeded and not unit.is_deferred and not unit.is_head and self.builds(unit):
            if draws(code(unit.node)) or any(draws(code(other.node)) for other in before):
                raise Left(unit.node, "moving it would change the seeds that random operations have by the graph's")
        if "set_random_seed" in code(unit.node) and any(other.node not in self._statements for other in before):
            raise Left(unit.node, "it sets the graph's seed amid the statements that build the graph")

    def _check_statement(self, unit: Unit) -> None:
        if m.findall(unit.node, m.Global() | m.Nonlocal()):
            raise Left(unit.node, "it declares global names")
        if m.findall(unit.node, m.Del()):
            raise Left(unit.node, "it deletes names")
        if not unit.is_deferred and m.findall(unit.node, m.Return() | m.Yield() | m.Await()):
            raise Left(unit.node, "it may leave the function while the graph is built")
        if m.findall(unit.node, m.Call(func=m.Name("locals") | m.Name("globals") | m.Name("exec") | m.Name("eval"))):
            raise Left(unit.node, "it looks names up while it runs")

    def _check_locals(self) -> None:
        """Names that the step binds are its own: none may be read there before."""
        bound = {name for unit in self.inside for name in unit.writes if "." not in name}
        arguments = {placeholder.argument for placeholder in self.group if "." in placeholder.name}
        for unit in self.real():
            if clash := arguments & (unit.writes | unit.reads):
                raise Left(unit.node, f"{min(clash)} means something else there than the argument of that name")
        for unit in self.real():
            for name in unit.reads & bound:
                for source in self.body.found(name, unit):
                    if source in self.inside:
                        continue
                    if self._may_enter(source) and not self.seeded and self.builds(source):
                        raise Pulled(source)
                    raise Left(unit.node, f"{name} is bound outside of the graph and in it")

    def check_later_seeds(self) -> None:
        """Raise `Left` where operations that are built earlier now would change the seeds of later ones."""
        place = self.placement()
        for unit in self.body.units[place.at + 1 :] if self.seeded else ():
            if unit in self.inside or unit.is_head:
                continue
            if any(draws(name) for name in self._tensorflow.built(unit.node)):
                raise Left(unit.node, "its random operations have seeds of the graph's, which would change")

    def _check_seeds(self) -> None:
        if not self.seeded:
            return
        drawing = [unit for unit in self.real() if draws(self.body.program.code(unit.node))]
        for placeholder in self.group:
            if drawing and placeholder.unit.at > drawing[0].at:
                why = f"{placeholder.name} is made after random operations whose seeds, by the graph's, would change"
                raise Left(placeholder.call, why)


class Pulled(Exception):
    """A unit has to go in."""

    def __init__(self, unit: Unit) -> None:
        super().__init__()
        self.unit = unit


def _less_tensorflow(code: str) -> str:
    return re.sub(r"\btf\.[\w.]*random[\w.]*", "", code)
