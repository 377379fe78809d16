"""`tf.contrib.learn.preprocessing`: texts as numbers of words, or of bytes."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["ByteProcessor", "CategoricalVocabulary", "VocabularyProcessor", "tokenizer"]

#: Abbreviations, words that another follows within one name, and all else between spaces and punctuation.
_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)


def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """The words of each text."""
    for text in iterator:
        yield _WORD.findall(text)


class CategoricalVocabulary:
    """Numbers for categories, in the order in which they come; 0 is what is unknown.

    Args:
      unknown_token: the name of 0.
      support_reverse: whether `reverse` is to give names.
    """

    def __init__(self, unknown_token: str = "<UNK>", support_reverse: bool = True) -> None:
        self._unknown_token, self._support_reverse = unknown_token, support_reverse
        self._mapping: dict[Hashable, int] = {unknown_token: 0}
        self._reverse_mapping: list[Hashable] = [unknown_token]
        self._freq: dict[Hashable, int] = {}
        self._freeze = False

    def __len__(self) -> int:
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """Take no more categories; or take them again."""
        self._freeze = freeze

    def get(self, category: Hashable) -> int:
        """A category's number, a new one unless frozen."""
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._mapping[category] = len(self._mapping)
            self._reverse_mapping.append(category)
        return self._mapping[category]

    def add(self, category: Hashable, count: int = 1) -> None:
        """Count a category `count` times more."""
        if self.get(category) > 0:
            self._freq[category] = self._freq.get(category, 0) + count

    def trim(self, min_frequency: int, max_frequency: int = -1) -> None:
        """Keep what was counted more than `min_frequency` times, and less than `max_frequency` if that is above 0,
        with new numbers: the most frequent first, of equals by the alphabet."""
        counted = sorted(self._freq.items(), key=lambda item: (-item[1], isinstance(item[0], str), item[0]))
        kept = [(c, n) for c, n in counted if n > min_frequency and not 0 < max_frequency <= n]
        self._freq = dict(kept)
        self._reverse_mapping = [self._unknown_token, *(category for category, _ in kept)]
        self._mapping = {category: number for number, category in enumerate(self._reverse_mapping)}

    def reverse(self, class_id: int) -> Any:
        """The category of a number; ValueError where names are not supported."""
        if not self._support_reverse:
            raise ValueError("This vocabulary wasn't initialized with support_reverse to support reverse() function.")
        return self._reverse_mapping[class_id]


class VocabularyProcessor:
    """Texts to numbers of their words, `max_document_length` of them with zeros at the end.

    Args:
      min_frequency: what is not more frequent is unknown, 0.
      vocabulary: a `CategoricalVocabulary`; a new one unless given.
      tokenizer_fn: from texts to lists of words.
    """

    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Callable[[Iterable[Any]], Iterable[Iterable[Any]]] | None = None,
    ) -> None:
        self.max_document_length, self.min_frequency = max_document_length, min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Iterable[Any], unused_y: Any = None) -> VocabularyProcessor:
        """Learn the words of texts; `self`."""
        for words in self._tokenizer(raw_documents):
            for word in words:
                self.vocabulary_.add(word)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents: Iterable[Any], unused_y: Any = None) -> Iterator[np.ndarray]:
        """`fit`, then `transform`."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents: Iterable[Any]) -> Iterator[np.ndarray]:
        """An int64 vector for each text."""
        for words in self._tokenizer(raw_documents):
            numbers = np.zeros(self.max_document_length, np.int64)
            for place, word in zip(range(self.max_document_length), words, strict=False):
                numbers[place] = self.vocabulary_.get(word)
            yield numbers

    def reverse(self, documents: Iterable[Iterable[int]]) -> Iterator[str]:
        """A text for each vector of numbers."""
        for numbers in documents:
            yield " ".join(str(self.vocabulary_.reverse(number)) for number in numbers)

    def save(self, filename: Any) -> None:
        """Write it into a file, by pickle."""
        with tf.io.gfile.GFile(filename, "wb") as file:
            file.write(pickle.dumps(self))

    @classmethod
    def restore(cls, filename: Any) -> VocabularyProcessor:
        """Read what `save` wrote; only from files you trust, as pickle runs what they say."""
        with tf.io.gfile.GFile(filename, "rb") as file:
            return pickle.loads(file.read())


class ByteProcessor:
    """Texts to their bytes in UTF-8, `max_document_length` of them with zeros at the end."""

    def __init__(self, max_document_length: int) -> None:
        self.max_document_length = max_document_length

    def fit(self, x: Any) -> None:
        """Nothing: there is nothing to learn."""

    def fit_transform(self, x: Iterable[Any]) -> Iterator[np.ndarray]:
        """`transform`."""
        return self.transform(x)

    def transform(self, x: Iterable[Any]) -> Iterator[np.ndarray]:
        """A uint8 vector for each text."""
        for document in x:
            encoded = document.encode("utf-8") if isinstance(document, str) else bytes(document)
            values = np.frombuffer(encoded[: self.max_document_length], np.uint8)
            yield np.pad(values, (0, self.max_document_length - len(values)))

    def reverse(self, x: Iterable[np.ndarray]) -> Iterator[str]:
        """A text for each vector; an empty one where the bytes are none."""
        for values in x:
            try:
                yield np.trim_zeros(values.astype(np.uint8), "b").tobytes().decode("utf-8")
            except UnicodeDecodeError:
                yield ""
