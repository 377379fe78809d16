"""tf.image and the codecs of pictures."""

import numpy as np

from . import each

RGB = (np.sin(np.arange(8 * 8 * 3, dtype=np.float32) * 0.37).reshape(8, 8, 3) + 1) / 2
BYTES = (np.arange(8 * 8 * 3) * 7 % 256).astype(np.uint8).reshape(8, 8, 3)
BATCH = RGB[None]
BOXES = [[0.0, 0.0, 0.5, 0.5], [0.1, 0.1, 0.6, 0.6], [0.5, 0.5, 1.0, 1.0]]
SCORES = [0.9, 0.8, 0.7]
# A 2 x 2 GIF and BMP, so that decoding needs no file.
GIF = (
    b"GIF89a\x02\x00\x02\x00\x80\x00\x00\x00\x00\x00\xff\x00\x00,\x00\x00\x00\x00\x02\x00\x02\x00\x00"
    b"\x02\x03D\x02\x05\x00;"
)
BMP = (
    b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00"
    b"\x01\x00\x18\x00\x00\x00\x00\x00\x10\x00\x00\x00\x13\x0b\x00\x00\x13\x0b\x00\x00\x00\x00\x00\x00"
    b"\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\x00\x00\xff\x00\x00\x00\xff\x00\x00\x00"
)


def _jpeg(tf):
    return tf.image.encode_jpeg(tf.constant(BYTES), quality=95)


def _png(tf):
    return tf.image.encode_png(tf.constant(BYTES))


def _resize_to(tf, f):
    return [f(tf.constant(BATCH), [4, 6]), f(tf.constant(BATCH), [12, 12], align_corners=True)]


CASES = {}
CASES.update(
    each(
        """image.flip_left_right image.flip_up_down image.rot90 image.transpose_image image.rgb_to_grayscale
        image.rgb_to_hsv image.rgb_to_yiq image.rgb_to_yuv image.hsv_to_rgb image.yiq_to_rgb image.yuv_to_rgb
        image.per_image_standardization image.total_variation""",
        lambda tf, f: f(tf.constant(RGB)),
    )
)
CASES.update(
    each(
        "image.adjust_brightness image.adjust_hue image.adjust_gamma",
        lambda tf, f: f(tf.constant(RGB), 0.2),
    )
)
CASES.update(
    each("image.adjust_contrast image.adjust_saturation", lambda tf, f: f(tf.constant(RGB), 1.5)),
)
CASES.update(
    each("image.random_flip_left_right image.random_flip_up_down", lambda tf, f: f(tf.constant(RGB), seed=5))
)
CASES.update(
    each("image.random_brightness image.random_hue", lambda tf, f: f(tf.constant(RGB), 0.3, seed=5)),
)
CASES.update(
    each("image.random_contrast image.random_saturation", lambda tf, f: f(tf.constant(RGB), 0.5, 1.5, seed=5))
)
CASES.update(
    each(
        "image.resize_bilinear image.resize_nearest_neighbor image.resize_bicubic image.resize_area",
        _resize_to,
    )
)
CASES.update(
    {
        "image.adjust_jpeg_quality": lambda tf, f: f(tf.constant(RGB), 50, "worse"),
        "image.central_crop": lambda tf, f: f(tf.constant(RGB), 0.5),
        "image.combined_non_max_suppression": lambda tf, f: f(
            tf.constant(BOXES)[None, :, None, :], tf.constant(SCORES)[None, :, None], 3, 3, iou_threshold=0.4
        ),
        "image.convert_image_dtype": lambda tf, f: [
            f(tf.constant(BYTES), tf.float32),
            f(tf.constant(RGB), tf.uint8, saturate=True),
        ],
        "image.crop_and_resize": lambda tf, f: [
            f(tf.constant(BATCH), BOXES[:2], [0, 0], [3, 3]),
            f(tf.constant(BATCH), BOXES[:1], box_ind=[0], crop_size=[2, 2], method="nearest"),
        ],
        "image.crop_to_bounding_box": lambda tf, f: f(tf.constant(RGB), 1, 2, 3, 4),
        "image.decode_and_crop_jpeg": lambda tf, f: f(_jpeg(tf), [1, 2, 3, 4]),
        "image.decode_bmp": lambda tf, f: f(tf.constant(BMP)),
        "image.decode_gif": lambda tf, f: f(tf.constant(GIF)),
        "image.decode_image": lambda tf, f: f(_png(tf)),
        "image.decode_jpeg": lambda tf, f: [f(_jpeg(tf)), f(contents=_jpeg(tf), channels=1)],
        "image.decode_png": lambda tf, f: f(_png(tf), dtype=tf.uint8),
        "image.draw_bounding_boxes": lambda tf, f: f(tf.constant(BATCH), tf.constant([BOXES])),
        "image.encode_jpeg": lambda tf, f: tf.image.extract_jpeg_shape(f(tf.constant(BYTES), quality=90)),
        "image.encode_png": lambda tf, f: tf.image.decode_png(f(tf.constant(BYTES))),
        "image.extract_glimpse": lambda tf, f: f(tf.constant(BATCH), [3, 3], [[0.1, -0.2]]),
        "extract_image_patches": lambda tf, f: [
            f(tf.constant(BATCH), [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"),
            f(
                tf.constant(BATCH),
                ksizes=[1, 2, 2, 1],
                strides=[1, 2, 2, 1],
                rates=[1, 1, 1, 1],
                padding="SAME",
            ),
        ],
        "image.extract_patches": lambda tf, f: f(
            tf.constant(BATCH), [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"
        ),
        "image.extract_jpeg_shape": lambda tf, f: f(_jpeg(tf)),
        "image.grayscale_to_rgb": lambda tf, f: f(tf.constant(RGB[..., :1])),
        "image.image_gradients": lambda tf, f: f(tf.constant(BATCH)),
        "image.is_jpeg": lambda tf, f: [f(_jpeg(tf)), f(_png(tf))],
        "image.non_max_suppression": lambda tf, f: f(BOXES, SCORES, 3, iou_threshold=0.4),
        "image.non_max_suppression_overlaps": lambda tf, f: f(
            [[1.0, 0.8, 0.0], [0.8, 1.0, 0.1], [0.0, 0.1, 1.0]], SCORES, 3, 0.5
        ),
        "image.non_max_suppression_padded": lambda tf, f: f(
            BOXES, SCORES, 3, iou_threshold=0.4, pad_to_max_output_size=True
        ),
        "image.non_max_suppression_with_scores": lambda tf, f: f(BOXES, SCORES, 3, soft_nms_sigma=0.5),
        "image.pad_to_bounding_box": lambda tf, f: f(tf.constant(RGB), 1, 2, 10, 12),
        "image.psnr": lambda tf, f: f(tf.constant(RGB), tf.constant(RGB[::-1]), 1.0),
        "image.random_crop": lambda tf, f: f(tf.constant(RGB), [4, 4, 3], seed=5),
        "image.random_jpeg_quality": lambda tf, f: tf.shape(f(tf.constant(RGB), 50, 90, seed=5)),
        "image.resize": lambda tf, f: f(tf.constant(BATCH), [4, 6], method=tf.image.ResizeMethod.BICUBIC),
        "image.resize_images": lambda tf, f: [
            f(tf.constant(BATCH), [4, 6]),
            f(tf.constant(RGB), (3, 3), method=1),
        ],
        "image.resize_image_with_crop_or_pad": lambda tf, f: f(tf.constant(RGB), 4, 12),
        "image.resize_image_with_pad": lambda tf, f: f(tf.constant(RGB), 4, 12),
        "image.ResizeMethod.NEAREST_NEIGHBOR": lambda tf, f: tf.image.resize_images(
            tf.constant(BATCH), [4, 4], method=f
        ),
        "image.sample_distorted_bounding_box": lambda tf, f: f(
            [8, 8, 3], tf.constant([[BOXES[0]]]), seed=5, min_object_covered=0.1
        ),
        "image.sobel_edges": lambda tf, f: f(tf.constant(BATCH)),
        "image.ssim": lambda tf, f: f(
            tf.tile(tf.constant(BATCH), [1, 2, 2, 1]), tf.tile(tf.constant(BATCH[:, ::-1]), [1, 2, 2, 1]), 1.0
        ),
        "image.ssim_multiscale": lambda tf, f: f(
            tf.tile(tf.constant(BATCH), [1, 4, 4, 1]),
            tf.tile(tf.constant(BATCH), [1, 4, 4, 1]) * 0.9,
            1.0,
            power_factors=(0.6, 0.4),
        ),
        "audio.encode_wav": lambda tf, f: f(tf.constant([[0.5], [-0.25]]), 8000),
        "audio.decode_wav": lambda tf, f: f(tf.audio.encode_wav(tf.constant([[0.5], [-0.25]]), 8000)),
    }
)
