"""`types`, with the names of the built-in types."""

from types import *  # noqa: F403
from types import MethodType

StringType = UnicodeType = str
StringTypes = (str,)
IntType = LongType = int
FloatType, BooleanType, ComplexType, NoneType, TypeType, ObjectType = float, bool, complex, type(None), type, object
ListType, TupleType, DictType, DictionaryType = list, tuple, dict, dict
InstanceType = ClassType = type
UnboundMethodType, SliceType = MethodType, slice
