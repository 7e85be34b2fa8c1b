"""ONNX's operators in PyTorch, as far as the operator cases use them: attributes and tensors in, tensors out."""

import math

import torch
import torch.nn.functional as F
import torchvision

FLOATS = {"float32": torch.float64, "float64": torch.float64}
INTEGERS = {"int32": torch.int64, "int64": torch.int64, "bool": torch.bool, "uint8": torch.uint8}


def torch_type(dtype):
    """Every float is computed in double precision."""
    return FLOATS.get(dtype) or INTEGERS[dtype]


def by_rank(functions, x):
    return functions[x.dim() - 3]


def end_pads(pads):
    """ONNX's pads (all begins, then all ends) in the order of F.pad: last axis first, begin and end together."""
    half = len(pads) // 2
    return [n for i in reversed(range(half)) for n in (pads[i], pads[half + i])]


def same_pads(x, kernel, strides, dilations, upper):
    begins, ends = [], []
    for size, k, stride, dilation in zip(x.shape[2:], kernel, strides, dilations):
        total = max(0, (math.ceil(size / stride) - 1) * stride + dilation * (k - 1) + 1 - size)
        small, large = total // 2, total - total // 2
        begins.append(small if upper else large)
        ends.append(large if upper else small)
    return begins + ends


def conv(a, x, w, b=None):
    kernel = w.shape[2:]
    strides = a.get("strides", [1] * len(kernel))
    dilations = a.get("dilations", [1] * len(kernel))
    mode = a.get("auto_pad", "NOTSET")
    pads = a.get("pads", [0] * 2 * len(kernel))
    if mode.startswith("SAME"):
        pads = same_pads(x, kernel, strides, dilations, mode == "SAME_UPPER")
    function = by_rank([F.conv1d, F.conv2d, F.conv3d], x)
    return function(F.pad(x, end_pads(pads)), w, b, strides, 0, dilations, a.get("group", 1))


def conv_transpose(a, x, w, b=None):
    n = x.dim() - 2
    pads = a.get("pads", [0] * 2 * n)
    function = by_rank([F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d], x)
    strides, dilations = a.get("strides", [1] * n), a.get("dilations", [1] * n)
    extra = a.get("output_padding", [0] * n)
    full = function(x, w, b, strides, 0, extra, a.get("group", 1), dilations)
    for i in range(n):
        full = full.narrow(i + 2, pads[i], full.shape[i + 2] - pads[i] - pads[n + i])
    return full


def pool_setting(a, x):
    kernel = a["kernel_shape"]
    strides = a.get("strides", [1] * len(kernel))
    dilations = a.get("dilations", [1] * len(kernel))
    mode = a.get("auto_pad", "NOTSET")
    if mode.startswith("SAME"):
        return kernel, strides, dilations, same_pads(x, kernel, strides, dilations, mode == "SAME_UPPER")
    return kernel, strides, dilations, a.get("pads", [0] * 2 * len(kernel))


def max_pool(a, x):
    kernel, strides, dilations, pads = pool_setting(a, x)
    pool = by_rank([F.max_pool1d, F.max_pool2d, F.max_pool3d], x)
    if a.get("ceil_mode"):
        # PyTorch must see the padding itself, to know where no window may begin.
        half = len(pads) // 2
        assert pads[:half] == pads[half:]
        return pool(x, kernel, strides, pads[:half], dilations, True)
    return pool(F.pad(x, end_pads(pads), value=-math.inf), kernel, strides, 0, dilations)


def average_pool(a, x):
    kernel, strides, dilations, pads = pool_setting(a, x)
    pool = by_rank([F.avg_pool1d, F.avg_pool2d, F.avg_pool3d], x)
    if a.get("ceil_mode"):
        half = len(pads) // 2
        assert pads[:half] == pads[half:]
        return pool(x, kernel, strides, pads[:half], True, bool(a.get("count_include_pad")))
    if any(dilation > 1 for dilation in dilations):
        # PyTorch's own pool knows no dilation; a convolution of ones for each channel does.
        weight = torch.ones([x.shape[1], 1, *kernel], dtype=x.dtype) / math.prod(kernel)
        function = by_rank([F.conv1d, F.conv2d, F.conv3d], x)
        return function(F.pad(x, end_pads(pads)), weight, None, strides, 0, dilations, x.shape[1])
    mean = lambda y: pool(F.pad(y, end_pads(pads)), kernel, strides)
    return mean(x) if a.get("count_include_pad") else mean(x) / mean(torch.ones_like(x))


def pad(a, x, pads, value=None, axes=None):
    amounts = pads.tolist()
    if axes is not None:
        given, amounts = amounts, [0] * 2 * x.dim()
        for i, axis in enumerate(axes.tolist()):
            amounts[axis % x.dim()] = given[i]
            amounts[x.dim() + axis % x.dim()] = given[len(axes) + i]
    mode = a.get("mode", "constant")
    if mode == "constant":
        return F.pad(x, end_pads(amounts), value=0.0 if value is None else value.item())
    amounts = end_pads(amounts)[: 2 * (x.dim() - 2)]
    return F.pad(x, amounts, mode={"reflect": "reflect", "edge": "replicate", "wrap": "circular"}[mode])


def roi_align(a, x, regions, pictures):
    return torchvision.ops.roi_align(
        x,
        torch.cat([pictures[:, None].to(x.dtype), regions], 1),
        (a["output_height"], a["output_width"]),
        a["spatial_scale"],
        a["sampling_ratio"],
        a["coordinate_transformation_mode"] == "half_pixel",
    )


def max_roi_pool(a, x, regions):
    return torchvision.ops.roi_pool(x, regions, a["pooled_shape"], a.get("spatial_scale", 1.0))


def reduce_prod(x, dims, keep):
    for axis in sorted((axis % x.dim() for axis in dims), reverse=True):
        x = torch.prod(x, axis, keepdim=keep)
    return x


def depth_to_space(a, x):
    block = a["blocksize"]
    if a.get("mode") == "CRD":
        return F.pixel_shuffle(x, block)
    n, c, h, w = x.shape
    y = x.reshape(n, block, block, c // block**2, h, w).permute(0, 3, 4, 1, 5, 2)
    return y.reshape(n, c // block**2, h * block, w * block)


def scatter_elements(a, x, indices, updates):
    scatter = torch.scatter_add if a.get("reduction") == "add" else torch.scatter
    return scatter(x, a.get("axis", 0), indices, updates)


def layer_normalization(a, x, scale, offset=None):
    first = a.get("axis", -1) % x.dim()
    return F.layer_norm(x, x.shape[first:], scale, offset, a.get("epsilon", 1e-5))


def elu(a, x):
    return F.elu(x, a.get("alpha", 1.0))


def selu(a, x):
    alpha, gamma = a.get("alpha", 1.6732632423543772), a.get("gamma", 1.0507009873554805)
    return gamma * F.elu(x, alpha)


def batch_normalization(a, x, scale, offset, mean, variance):
    epsilon = a.get("epsilon", 1e-5)
    if not a.get("training_mode"):
        # F.batch_norm does not differentiate by the statistics.
        column = lambda list_: list_.reshape([-1] + [1] * (x.dim() - 2))
        return (x - column(mean)) / torch.sqrt(column(variance) + epsilon) * column(scale) + column(offset)
    keep = a.get("momentum", 0.9)
    axes = [i for i in range(x.dim()) if i != 1]
    y = F.batch_norm(x, None, None, scale, offset, training=True, eps=epsilon)
    blend = lambda given, batch: given * keep + batch * (1 - keep) if keep else batch
    return y, blend(mean, x.mean(axes)), blend(variance, x.var(axes, unbiased=False))


def gemm(a, x, y, c=None):
    product = a.get("alpha", 1) * (x.T if a.get("transA") else x) @ (y.T if a.get("transB") else y)
    return product if c is None else product + a.get("beta", 1) * c


def reduction(function):
    def apply(a, x, axes=None):
        dims = list(range(x.dim())) if axes is None or len(axes) == 0 else axes.tolist()
        return function(x, dims, bool(a.get("keepdims", 1)))

    return apply


def slice_(a, x, starts, ends, axes=None, steps=None):
    axes = range(len(starts)) if axes is None else axes.tolist()
    steps = [1] * len(starts) if steps is None else steps.tolist()
    for start, end, axis, step in zip(starts.tolist(), ends.tolist(), axes, steps):
        picked = list(range(x.shape[axis]))[start:end:step]
        if step < 0 and end < -x.shape[axis]:
            picked = list(range(x.shape[axis]))[start::step]
        x = x.index_select(axis, torch.tensor(picked))
    return x


def gather(a, x, indices):
    axis = a.get("axis", 0) % x.dim()
    flat = (indices % x.shape[axis]).reshape(-1)
    shape = list(x.shape)
    return x.index_select(axis, flat).reshape(shape[:axis] + list(indices.shape) + shape[axis + 1 :])


def scatter_nd(a, x, indices, updates):
    places = tuple(indices.unbind(-1))
    return x.index_put(places, updates, accumulate=a.get("reduction") == "add")


def expand(a, x, shape):
    return x.expand(torch.broadcast_shapes(x.shape, tuple(shape.tolist())))


def reshape(a, x, shape):
    return x.reshape([x.shape[i] if size == 0 else size for i, size in enumerate(shape.tolist())])


def flatten(a, x):
    return x.reshape(math.prod(x.shape[: a.get("axis", 1)]), -1)


def squeeze(a, x, axes=None):
    drop = [axis % x.dim() for axis in axes.tolist()] if axes is not None else [i for i, n in enumerate(x.shape) if n == 1]
    return x.reshape([n for i, n in enumerate(x.shape) if i not in drop])


def unsqueeze(a, x, axes):
    rank = x.dim() + len(axes)
    for axis in sorted(axis % rank for axis in axes.tolist()):
        x = x.unsqueeze(axis)
    return x


RESIZE_MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}


def resize(a, x, roi=None, scales=None, sizes=None):
    spatial = x.dim() - 2
    setting = {"size": sizes.tolist()[2:]} if sizes is not None else {"scale_factor": scales.tolist()[2:]}
    if a["mode"] == "nearest":
        return F.interpolate(x, **setting, mode="nearest")
    mode = "bicubic" if a["mode"] == "cubic" else RESIZE_MODES[spatial]
    corners = a["coordinate_transformation_mode"] == "align_corners"
    antialias = {"antialias": True} if a.get("antialias") else {}
    return F.interpolate(x, **setting, mode=mode, align_corners=corners, **antialias)


def space_to_depth(a, x):
    block = a["blocksize"]
    return torch.cat([x[:, :, i::block, j::block] for i in range(block) for j in range(block)], 1)


def clip(a, x, low=None, high=None):
    return torch.clamp(x, low, high)


def non_max_suppression(a, boxes, scores, most, overlap, least):
    rows = []
    for picture in range(scores.shape[0]):
        for label in range(scores.shape[1]):
            own = scores[picture, label]
            kept = torchvision.ops.nms(boxes[picture], own, overlap.item())
            kept = [i for i in kept.tolist() if own[i] > least.item()][: most.item()]
            rows += [[picture, label, i] for i in kept]
    return torch.tensor(rows)


def top_k(a, x, k):
    values, indices = torch.topk(x, k.item(), a.get("axis", -1))
    return values, indices


def plain(function):
    return lambda a, *inputs: function(*inputs)


def keep_or_drop(function):
    return lambda a, x: function(x, a.get("axis", 0), bool(a.get("keepdims", 1)))


OPERATORS = {
    "Abs": plain(torch.abs),
    "Acos": plain(torch.acos),
    "Acosh": plain(torch.acosh),
    "Add": plain(torch.add),
    "And": plain(torch.logical_and),
    "ArgMax": keep_or_drop(torch.argmax),
    "Asin": plain(torch.asin),
    "Asinh": plain(torch.asinh),
    "Atan": plain(torch.atan),
    "Atanh": plain(torch.atanh),
    "AveragePool": average_pool,
    "BatchNormalization": batch_normalization,
    "Cast": lambda a, x: x.to(torch_type(a["to"])),
    "Ceil": plain(torch.ceil),
    "Celu": lambda a, x: F.celu(x, a.get("alpha", 1.0)),
    "Clip": clip,
    "Concat": lambda a, *xs: torch.cat(xs, a["axis"]),
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Cos": plain(torch.cos),
    "Cosh": plain(torch.cosh),
    "DepthToSpace": depth_to_space,
    "Div": plain(torch.div),
    "Elu": elu,
    "Equal": plain(torch.eq),
    "Erf": plain(torch.erf),
    "Exp": plain(torch.exp),
    "Expand": expand,
    "Flatten": flatten,
    "Floor": plain(torch.floor),
    "Gather": gather,
    "GatherElements": lambda a, x, indices: torch.gather(x, a.get("axis", 0), indices),
    "GatherND": lambda a, x, indices: x[tuple(indices.unbind(-1))],
    "Gelu": lambda a, x: F.gelu(x, approximate=a.get("approximate", "none")),
    "Gemm": gemm,
    "GlobalAveragePool": lambda a, x: x.mean(list(range(2, x.dim())), keepdim=True),
    "GlobalMaxPool": lambda a, x: x.amax(list(range(2, x.dim())), keepdim=True),
    "Greater": plain(torch.gt),
    "GreaterOrEqual": plain(torch.ge),
    "HardSigmoid": lambda a, x: torch.clamp(x * a.get("alpha", 0.2) + a.get("beta", 0.5), 0, 1),
    "HardSwish": plain(F.hardswish),
    "Identity": plain(lambda x: x),
    "InstanceNormalization": lambda a, x, scale, offset: F.instance_norm(x, None, None, scale, offset, True, 0, a.get("epsilon", 1e-5)),
    "LRN": lambda a, x: F.local_response_norm(x, a["size"], a.get("alpha", 1e-4), a.get("beta", 0.75), a.get("bias", 1.0)),
    "LayerNormalization": layer_normalization,
    "LeakyRelu": lambda a, x: F.leaky_relu(x, a.get("alpha", 0.01)),
    "Less": plain(torch.lt),
    "LessOrEqual": plain(torch.le),
    "Log": plain(torch.log),
    "LogSoftmax": lambda a, x: F.log_softmax(x, a.get("axis", -1)),
    "MatMul": plain(torch.matmul),
    "Max": plain(torch.maximum),
    "MaxPool": max_pool,
    "MaxRoiPool": max_roi_pool,
    "Min": plain(torch.minimum),
    "Mish": plain(F.mish),
    "Mul": plain(torch.mul),
    "Neg": plain(torch.neg),
    "NonMaxSuppression": non_max_suppression,
    "Not": plain(torch.logical_not),
    "Or": plain(torch.logical_or),
    "PRelu": plain(lambda x, slope: torch.where(x > 0, x, slope * x)),
    "Pad": pad,
    "Pow": plain(torch.pow),
    "Reciprocal": plain(torch.reciprocal),
    "ReduceL1": reduction(lambda x, dims, keep: torch.sum(x.abs(), dims, keep)),
    "ReduceL2": reduction(lambda x, dims, keep: torch.sqrt(torch.sum(x * x, dims, keep))),
    "ReduceLogSum": reduction(lambda x, dims, keep: torch.log(torch.sum(x, dims, keep))),
    "ReduceLogSumExp": reduction(torch.logsumexp),
    "ReduceMax": reduction(torch.amax),
    "ReduceMean": reduction(torch.mean),
    "ReduceMin": reduction(torch.amin),
    "ReduceProd": reduction(reduce_prod),
    "ReduceSum": reduction(torch.sum),
    "ReduceSumSquare": reduction(lambda x, dims, keep: torch.sum(x * x, dims, keep)),
    "Relu": plain(torch.relu),
    "Reshape": reshape,
    "Resize": resize,
    "RoiAlign": roi_align,
    "Round": plain(torch.round),
    "ScatterElements": scatter_elements,
    "ScatterND": scatter_nd,
    "Selu": selu,
    "Shape": lambda a, x: torch.tensor(x.shape),
    "Sigmoid": plain(torch.sigmoid),
    "Sign": plain(torch.sign),
    "Sin": plain(torch.sin),
    "Sinh": plain(torch.sinh),
    "Slice": slice_,
    "Softmax": lambda a, x: F.softmax(x, a.get("axis", -1)),
    "Softplus": plain(F.softplus),
    "SpaceToDepth": space_to_depth,
    "Split": lambda a, x, lengths: torch.split(x, lengths.tolist(), a.get("axis", 0)),
    "Sqrt": plain(torch.sqrt),
    "Squeeze": squeeze,
    "Sub": plain(torch.sub),
    "Tan": plain(torch.tan),
    "Tanh": plain(torch.tanh),
    "ThresholdedRelu": lambda a, x: torch.where(x > a.get("alpha", 1.0), x, torch.zeros_like(x)),
    "Tile": lambda a, x, repeats: x.repeat(repeats.tolist()),
    "TopK": top_k,
    "Transpose": lambda a, x: x.permute(a.get("perm", list(reversed(range(x.dim()))))),
    "Unsqueeze": unsqueeze,
    "Where": plain(torch.where),
}
