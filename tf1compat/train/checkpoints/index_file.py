"""The number of data files that the index of a checkpoint names: reading it and changing it.

`P.index` is a sorted table of TensorFlow's kind (LevelDB's): blocks of entries, then a block that tells where
those are, then a footer of 48 bytes that tells where this one is. The first entry of the first block has the
empty key, and its value is a protocol buffer whose field 1 is n, the number of data files. A reader finds
shard i in `P.data-<i>-of-<n>`, so n is part of the data files' names and of nothing else.
"""

from __future__ import annotations

import struct

__all__ = ["data_files", "shard_count", "with_shard_count"]

FOOTER, MAGIC = 48, 0xDB4775248B80FB57
#: After each block: a byte that says how it is compressed (0: not) and the masked CRC-32C of block and byte.
TRAILER = struct.Struct("<BI")
#: The tag of field 1, a varint.
NUM_SHARDS = 0x08


def data_files(prefix: str, count: int) -> list[str]:
    """The names of a checkpoint's data files where there are `count`."""
    return [f"{prefix}.data-{shard:05d}-of-{count:05d}" for shard in range(count)]


def shard_count(index: bytes) -> int:
    """The number of data files that the content of an index names; ValueError where it is no sound index."""
    start, end = _count_at(index)
    return _varint(index[:end], start)[0]


def with_shard_count(index: bytes, count: int) -> bytes:
    """The same index, for data files that are named as `count` of them are.

    ValueError where the content is no sound index, or where `count` takes more or fewer bytes than the number
    that stands there (both are below 128, or both from 128 to 16383, and so on).
    """
    start, end = _count_at(index)
    number = _as_varint(count)
    if len(number) != end - start:
        raise ValueError(f"{count} takes {len(number)} bytes in an index, and the number there {end - start}.")
    changed = bytearray(index)
    changed[start:end] = number
    first, size = _first_block(index)
    TRAILER.pack_into(changed, first + size, 0, _masked_crc(changed[first : first + size + 1]))
    return bytes(changed)


def _count_at(index: bytes) -> tuple[int, int]:
    """From where to where n stands, the block around it checked."""
    first, size = _first_block(index)
    compression, crc = TRAILER.unpack_from(index, first + size)
    if compression or crc != _masked_crc(index[first : first + size + 1]):
        raise ValueError("The first block of the index is compressed, or its checksum is wrong.")
    shared, at = _varint(index, first)
    key, at = _varint(index, at)
    length, at = _varint(index, at)
    if shared or key or length < 2 or index[at] != NUM_SHARDS:
        raise ValueError("The index does not begin with a checkpoint's header.")
    return at + 1, _varint(index, at + 1)[1]


def _first_block(index: bytes) -> tuple[int, int]:
    """Where the first block of entries begins, and how long it is without its trailer."""
    if len(index) < FOOTER or struct.unpack_from("<Q", index, len(index) - 8)[0] != MAGIC:
        raise ValueError("It is no index of a checkpoint, or not all of one.")
    at = len(index) - FOOTER
    for _ in range(2):  # where the block of metadata is, which is empty
        _, at = _varint(index, at)
    at, _ = _varint(index, at)
    _, at = _varint(index, at)
    key, at = _varint(index, at)
    _, at = _varint(index, at)
    first, at = _varint(index, at + key)
    size, _ = _varint(index, at)
    if first + size + TRAILER.size > len(index):
        raise ValueError("The index ends before its first block does.")
    return first, size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins there, seven bits a byte and the low ones first, and where it ends."""
    value = shift = 0
    while True:
        if at >= len(data):
            raise ValueError("The index ends in the middle of a number.")
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at


def _as_varint(value: int) -> bytes:
    data = bytearray()
    while value >= 0x80:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*data, value))


def _crc_table() -> list[int]:
    table = []
    for crc in range(256):
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        table.append(crc)
    return table


_TABLE = _crc_table()


def _masked_crc(data: bytes | bytearray) -> int:
    """CRC-32C, turned and shifted as these tables store it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
