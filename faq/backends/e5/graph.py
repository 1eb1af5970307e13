"""The layers of the model as an ONNX graph, for onnxruntime."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from faq.backends.e5.weights import DIMENSIONS, HEADS, LAYERS, Floats, Tensors, unpack

# Operators that onnxruntime adds to the standard's.
OWN = "com.microsoft"
# The largest weight: two products of an activation of 8 bits with one of 7 bits fit
# into the 16 bits in which processors without VNNI add them.
LARGEST = 63


class Graph:
    """Nodes and weights, one after another."""

    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def node(self, kind: str, inputs: list[str], output: str, **settings: Any) -> str:
        """Add one of onnxruntime's operators; return the name of what comes out."""
        made = helper.make_node(kind, inputs, [output], domain=OWN, **settings)
        self.nodes.append(made)
        return output

    def kept(self, name: str, values: NDArray[Any]) -> str:
        """Add a weight, and return its name."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def layer(self, x: str, number: int) -> str:
        """Add a layer over `x`: attention, then two linear maps, each added to it."""
        own = f"l{number}."
        self.linear(x, own + "qkv", [own + name for name in "qkv"])
        parts = [own + "query", own + "key", own + "value"]
        self.nodes.append(helper.make_node("Split", [own + "qkv"], parts, axis=2))
        self.node("MultiHeadAttention", parts, own + "context", num_heads=HEADS)
        self.linear(own + "context", own + "attended", [own + "ao"])
        x = self.added(own + "attended", x, own + "aln")
        self.linear(x, own + "inner", [own + "fi"])
        self.node("Gelu", [own + "inner"], own + "active")
        self.finely(own + "active", own + "outer", own + "fo")
        return self.added(own + "outer", x, own + "oln")

    def linear(self, x: str, output: str, names: list[str]) -> None:
        """Add x @ W + b in 8 bits, rounded by column; several W side by side."""
        columns = np.vstack([self._matrix(name) for name in names]).T
        bias = np.concatenate([self._tensors[f"{name}.b"] for name in names])
        scale = np.abs(columns).max(axis=0) / LARGEST
        weights = [
            self.kept(f"{output}.w", np.round(columns / scale).astype(np.int8)),
            self.kept(f"{output}.scale", scale.astype(np.float32)),
            self.kept(f"{output}.zero", np.zeros(len(scale), np.int8)),
            self.kept(f"{output}.b", bias),
        ]
        self.node("DynamicQuantizeMatMul", [x, *weights], output)

    def finely(self, x: str, output: str, name: str) -> None:
        """Add x @ W + b where x has a few very large values: W as it lies in the file.

        To round x as a whole would cost what the small values say.
        """
        bias = self._tensors[f"{name}.b"]
        blocks = self._tensors[f"{name}.w"].reshape(len(bias), -1)
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], -1)
        weights = [
            self.kept(f"{output}.w", nibbles[..., ::2] | nibbles[..., 1::2] << 4),
            self.kept(f"{output}.scale", blocks["scale"].astype(np.float32).ravel()),
            "",
            "",
            self.kept(f"{output}.b", bias),
        ]
        shape = {"K": blocks.shape[1] * 32, "N": len(bias), "bits": 4, "block_size": 32}
        self.node("MatMulNBits", [x, *weights], output, **shape)

    def added(self, x: str, to: str, name: str) -> str:
        """Add the sum of both, normalised."""
        norm = [
            self.kept(f"{name}.{part}", self._tensors[f"{name}.{part}"])
            for part in "wb"
        ]
        return self.node(
            "SkipLayerNormalization", [x, to, *norm], f"{name}.out", epsilon=1e-12
        )

    def _matrix(self, name: str) -> Floats:
        """Return a matrix of the file, (outputs, inputs)."""
        outputs = len(self._tensors[f"{name}.b"])
        return unpack(self._tensors[f"{name}.w"].reshape(outputs, -1))


def graph_of(tensors: Tensors) -> bytes:
    """Return the graph: "x", float32 (1, tokens, 384), through all layers to "y"."""
    graph, x = Graph(tensors), "x"
    for number in range(LAYERS):
        x = graph.layer(x, number)
    graph.nodes.append(helper.make_node("Identity", [x], ["y"]))
    shape: list[str | int | None] = [1, "tokens", DIMENSIONS]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in "xy"
    ]
    made = helper.make_graph(graph.nodes, "e5", ends[:1], ends[1:], graph.weights)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(OWN, 1)]
    model = helper.make_model(made, opset_imports=versions, ir_version=9)
    content: bytes = model.SerializeToString()
    return content
