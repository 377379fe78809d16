"""`tf.contrib.tensorboard.plugins.projector`: tells TensorBoard which variables are embeddings.

    config = projector.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name = embeddings.name
    embedding.metadata_path = "metadata.tsv"
    projector.visualize_embeddings(tf.summary.FileWriter(logdir), config)

The messages are the format TensorBoard reads (`projector_config.proto`); they are made here, so that the tensorboard
package need not be installed.
"""

from __future__ import annotations

import functools
import os
from typing import Any

import tensorflow as tf

__all__ = ["DESCRIPTOR", "EmbeddingInfo", "ProjectorConfig", "SpriteMetadata", "visualize_embeddings"]

#: Message: its fields as (name, number, kind), "[]" behind a kind for a list of them.
_MESSAGES = {
    "SpriteMetadata": (("image_path", 1, "string"), ("single_image_dim", 2, "uint32[]")),
    "EmbeddingInfo": (
        ("tensor_name", 1, "string"),
        ("metadata_path", 2, "string"),
        ("bookmarks_path", 3, "string"),
        ("tensor_shape", 4, "uint32[]"),
        ("sprite", 5, "SpriteMetadata"),
        ("tensor_path", 6, "string"),
    ),
    "ProjectorConfig": (
        ("model_checkpoint_path", 1, "string"),
        ("embeddings", 2, "EmbeddingInfo[]"),
        ("model_checkpoint_dir", 3, "string"),
    ),
}


@functools.cache
def _file() -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool  # type: ignore[import-untyped, unused-ignore]

    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="tf1compat/projector_config.proto", package="tf1compat.projector", syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field_name, number, kind in fields:
            one = message.field.add(name=field_name, number=number, label=field.LABEL_OPTIONAL)
            if kind.endswith("[]"):
                kind, one.label = kind[:-2], field.LABEL_REPEATED
            if kind in _MESSAGES:
                one.type, one.type_name = field.TYPE_MESSAGE, f".{file.package}.{kind}"
            else:
                one.type = getattr(field, f"TYPE_{kind.upper()}")
    return descriptor_pool.Default().AddSerializedFile(file.SerializeToString())


def _class(name: str) -> Any:
    from google.protobuf import message_factory

    return message_factory.GetMessageClass(DESCRIPTOR.message_types_by_name[name])


DESCRIPTOR = _file()
SpriteMetadata, EmbeddingInfo, ProjectorConfig = (_class(name) for name in _MESSAGES)


def visualize_embeddings(summary_writer: Any, config: Any) -> None:
    """Write the configuration where TensorBoard looks for it, `projector_config.pbtxt` in the writer's directory.

    Raises:
      ValueError: if the writer has no directory.
    """
    from google.protobuf import text_format

    logdir = summary_writer.get_logdir()
    if logdir is None:
        raise ValueError("Summary writer must have a logdir")
    path = os.path.join(tf.compat.as_str_any(logdir), "projector_config.pbtxt")
    with tf.io.gfile.GFile(path, "w") as file:
        file.write(text_format.MessageToString(config))
