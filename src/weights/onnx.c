/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The equations of gnn/shape.h as ONNX operators. */
#include "weights/onnx.h"

#include "weights/card_text.h"
#include "weights/onnx_layer.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What of the graph is asked for again and again. */
struct edges {
    struct heal_onnx_value from;     /* [edges] */
    struct heal_onnx_value to;       /* [edges, 1]: as ScatterND wants its places */
    struct heal_onnx_value degree;   /* [vertices, 1], at least 1 */
    struct heal_onnx_value has;      /* [vertices, 1]: whether there is a neighbour */
    struct heal_onnx_value vertices; /* [1]: how many */
    struct heal_onnx_value zero, axis1;
};

static struct heal_onnx_value whole(struct heal_onnx *graph, const char *name, unsigned dimensions,
                                    int64_t value) {
    const uint32_t one = 1;

    return heal_onnx_constant(graph, name, HEAL_ONNX_INT64, dimensions, &one, &value);
}

/* ---- the features' scaling ---- */

/* What is below 0 counts as 0; what is missing stays so. */
static struct heal_onnx_value logarithms(struct heal_onnx *graph, const struct heal_gnn_scaling *scaling,
                                         struct heal_onnx_value features, struct heal_onnx_value zero) {
    const uint32_t inputs = scaling->inputs;
    uint8_t mask[HEAL_GNN_INPUTS_MAX];
    bool any = false;

    for (unsigned i = 0; i < inputs; i++) {
        mask[i] = scaling->feature[i].logarithm;
        any = any || mask[i];
    }
    if (!any)
        return features;
    const struct heal_onnx_value cut[] = {heal_onnx_pair(graph, "Less", features, zero), zero, features};
    struct heal_onnx_value more =
        heal_onnx_pair(graph, "Add", heal_onnx_operate(graph, "Where", NULL, 3, cut),
                       heal_onnx_scalar(graph, "input.one", 1));
    const struct heal_onnx_value choice[] = {
        heal_onnx_constant(graph, "input.log1p", HEAL_ONNX_BOOL, 1, &inputs, mask),
        heal_onnx_single(graph, "Log", more), features};
    return heal_onnx_operate(graph, "Where", NULL, 3, choice);
}

/* What is missing counts as the mean. */
static struct heal_onnx_value scaled(struct heal_onnx *graph, const struct heal_gnn_scaling *scaling,
                                     struct heal_onnx_value zero) {
    const uint32_t inputs = scaling->inputs;
    struct heal_onnx_value value = logarithms(graph, scaling, heal_onnx_named("features"), zero);

    value =
        heal_onnx_pair(graph, "Sub", value,
                       heal_onnx_constant(graph, "input.mean", HEAL_ONNX_FLOAT, 1, &inputs, scaling->mean));
    value = heal_onnx_pair(
        graph, "Div", value,
        heal_onnx_constant(graph, "input.deviation", HEAL_ONNX_FLOAT, 1, &inputs, scaling->deviation));
    const struct heal_onnx_value present[] = {heal_onnx_single(graph, "IsNaN", value), zero, value};
    const struct heal_onnx_value cut[] = {heal_onnx_operate(graph, "Where", NULL, 3, present),
                                          heal_onnx_scalar(graph, "input.clip.least", -scaling->most),
                                          heal_onnx_scalar(graph, "input.clip.most", scaling->most)};
    return heal_onnx_operate(graph, "Clip", NULL, 3, cut);
}

/* ---- what is taken of the neighbours ---- */

/* [vertices, width] of one value. */
static struct heal_onnx_value filled(struct heal_onnx *graph, const struct edges *edges, const char *name,
                                     struct heal_onnx_value value, unsigned width) {
    const struct heal_onnx_attribute axis = {.name = "axis", .whole = 0};
    const struct heal_onnx_value shape[] = {edges->vertices, whole(graph, name, 1, width)};

    return heal_onnx_pair(graph, "Expand", value, heal_onnx_operate(graph, "Concat", &axis, 2, shape));
}

static struct heal_onnx_value scattered(struct heal_onnx *graph, const struct edges *edges,
                                        struct heal_onnx_value onto, struct heal_onnx_value what,
                                        const char *reduction) {
    const struct heal_onnx_attribute attribute = {.name = "reduction", .text = reduction};
    const struct heal_onnx_value input[] = {onto, edges->to, what};

    return heal_onnx_operate(graph, "ScatterND", &attribute, 3, input);
}

static struct edges read_edges(struct heal_onnx *graph) {
    const struct heal_onnx_attribute row = {.name = "axis", .whole = 0};
    struct edges edges = {.zero = heal_onnx_scalar(graph, "zero", 0), .axis1 = whole(graph, "axis1", 1, 1)};
    const struct heal_onnx_value from[] = {heal_onnx_named("edges"), whole(graph, "edges.from", 0, 0)};
    const struct heal_onnx_value to[] = {heal_onnx_named("edges"), whole(graph, "edges.to", 0, 1)};
    const struct heal_onnx_value first[] = {heal_onnx_single(graph, "Shape", heal_onnx_named("features")),
                                            whole(graph, "vertices.place", 1, 0)};
    struct heal_onnx_value one = heal_onnx_scalar(graph, "one", 1), begin, ones;

    edges.from = heal_onnx_operate(graph, "Gather", &row, 2, from);
    edges.to =
        heal_onnx_pair(graph, "Unsqueeze", heal_onnx_operate(graph, "Gather", &row, 2, to), edges.axis1);
    edges.vertices = heal_onnx_operate(graph, "Gather", &row, 2, first);
    begin = filled(graph, &edges, "degree.width", edges.zero, 1);
    ones = heal_onnx_pair(graph, "Expand", one, heal_onnx_single(graph, "Shape", edges.to));
    struct heal_onnx_value degree = scattered(graph, &edges, begin, ones, "add");
    edges.has = heal_onnx_pair(graph, "Greater", degree, edges.zero);
    edges.degree = heal_onnx_pair(graph, "Max", degree, one);
    return edges;
}

/* What comes over the edges: the channels of a term. [edges, width] */
static struct heal_onnx_value messages(struct heal_onnx *graph, const struct edges *edges, const char *name,
                                       struct heal_onnx_value source, const struct heal_gnn_term *term) {
    const struct heal_onnx_attribute row = {.name = "axis", .whole = 0};
    char begin[48], end[48];

    snprintf(begin, sizeof begin, "%.36s.from", name);
    snprintf(end, sizeof end, "%.36s.until", name);
    const struct heal_onnx_value slice[] = {source, whole(graph, begin, 1, term->from),
                                            whole(graph, end, 1, term->from + term->width), edges->axis1};
    const struct heal_onnx_value gather[] = {heal_onnx_operate(graph, "Slice", NULL, 4, slice), edges->from};
    return heal_onnx_operate(graph, "Gather", &row, 2, gather);
}

static struct heal_onnx_value take(struct heal_onnx_model *model, const struct edges *edges, unsigned layer,
                                   unsigned number, struct heal_onnx_value source) {
    const struct heal_gnn_term *term = &model->weights->card.shape.layer[layer].term[number];
    struct heal_onnx *graph = &model->graph;
    char name[32], width[48], beyond[48];

    snprintf(name, sizeof name, "layer%u.term%u", layer + 1, number + 1);
    snprintf(width, sizeof width, "%s.width", name);
    snprintf(beyond, sizeof beyond, "%s.none", name);
    struct heal_onnx_value sent = messages(graph, edges, name, source, term), taken;
    if (term->aggregate == HEAL_GNN_MEAN) {
        taken = scattered(graph, edges, filled(graph, edges, width, edges->zero, term->width), sent, "add");
        return heal_onnx_mean(model, layer, number, taken, edges->degree);
    }
    bool largest = term->aggregate == HEAL_GNN_LARGEST;
    struct heal_onnx_value none = heal_onnx_scalar(graph, beyond, largest ? -INFINITY : INFINITY);
    taken = scattered(graph, edges, filled(graph, edges, width, none, term->width), sent,
                      largest ? "max" : "min");
    const struct heal_onnx_value choice[] = {edges->has, taken, edges->zero};
    return heal_onnx_operate(graph, "Where", NULL, 3, choice);
}

/* ---- layers and heads ---- */

static struct heal_onnx_value run_layer(struct heal_onnx_model *model, const struct edges *edges,
                                        unsigned number, struct heal_onnx_value source) {
    const struct heal_gnn_shape *shape = &model->weights->card.shape;
    const struct heal_gnn_layer *layer = &shape->layer[number];
    struct heal_onnx_value value[1 + HEAL_GNN_TERMS_MAX] = {source};
    struct heal_onnx_matrix matrix = {
        .name = number == 0 ? "layer1" : "layer2",
        .part = {{model->layout.layer[number].self, number == 0 ? shape->inputs : shape->hidden}},
        .parts = 1U + layer->terms,
        .outputs = shape->hidden,
        .bias = model->layout.layer[number].bias,
        .rectified = number == 0,
        .dense = model->quantised ? &model->weights->integer->layer[number] : NULL,
    };

    for (unsigned t = 0; t < layer->terms; t++) {
        value[1 + t] = take(model, edges, number, t, source);
        matrix.part[1 + t] =
            (struct heal_onnx_rows){model->layout.layer[number].term[t], layer->term[t].width};
    }
    return heal_onnx_multiply(model, value, &matrix);
}

/* From the state, or what the gate leaves of it, to half as many. */
static struct heal_onnx_value run_half(struct heal_onnx_model *model, const char *name,
                                       struct heal_onnx_value source, const struct heal_gnn_dense *dense,
                                       uint32_t weight, uint32_t bias) {
    unsigned hidden = model->weights->card.shape.hidden;
    const struct heal_onnx_matrix matrix = {.name = name,
                                            .part = {{weight, hidden}},
                                            .parts = 1,
                                            .outputs = hidden / 2,
                                            .bias = bias,
                                            .rectified = true,
                                            .dense = dense};

    return heal_onnx_multiply(model, &source, &matrix);
}

static struct heal_onnx_value run_logits(struct heal_onnx_model *model, const char *name,
                                         struct heal_onnx_value source, const struct heal_gnn_wide *wide,
                                         uint32_t weight, uint32_t bias, unsigned outputs) {
    const struct heal_onnx_matrix matrix = {.name = name,
                                            .part = {{weight, model->weights->card.shape.hidden / 2U}},
                                            .parts = 1,
                                            .outputs = outputs,
                                            .bias = bias,
                                            .wide = wide};

    return heal_onnx_multiply(model, &source, &matrix);
}

/* What is wrong with the graph: the logit of nothing being, and each kind's of all vertices together. */
static void run_classes(struct heal_onnx_model *model, struct heal_onnx_value kind) {
    const struct heal_onnx_attribute keep = {.name = "keepdims", .whole = 0},
                                     axis = {.name = "axis", .whole = 0};
    const uint32_t one = 1;
    float normal = model->quantised ? (float)model->weights->integer->normal / HEAL_GNN_LOGIT_ONE
                                    : model->weights->number[model->layout.normal];
    const struct heal_onnx_value vertices[] = {kind, whole(&model->graph, "axis0", 1, 0)};
    const struct heal_onnx_value all[] = {
        heal_onnx_constant(&model->graph, "head.normal", HEAL_ONNX_FLOAT, 1, &one, &normal),
        heal_onnx_operate(&model->graph, "ReduceLogSumExp", &keep, 2, vertices)};

    heal_onnx_name(&model->graph, heal_onnx_operate(&model->graph, "Concat", &axis, 2, all), "class");
}

static void run_heads(struct heal_onnx_model *model, struct heal_onnx_value h2, struct heal_onnx_value last) {
    const struct heal_gnn_integer *network = model->weights->integer; /* NULL: in single precision */
    const struct heal_gnn_layout *layout = &model->layout;
    unsigned kinds = model->weights->card.shape.kinds;
    struct heal_onnx_value gate =
        run_half(model, "gate.hidden", h2, network ? &network->gate : NULL, layout->gate, layout->gate_bias);

    gate = run_logits(model, "gate.out", gate, network ? &network->gate_out : NULL, layout->gate_out,
                      layout->gate_out_bias, 1);
    struct heal_onnx_value p = run_half(model, "head.hidden", heal_onnx_pass_gate(model, h2, gate),
                                        network ? &network->head : NULL, layout->head, layout->head_bias);
    struct heal_onnx_value sick = run_logits(model, "head.sick", p, network ? &network->sick : NULL,
                                             layout->sick, layout->sick_bias, 1);
    heal_onnx_name(&model->graph, heal_onnx_pair(&model->graph, "Squeeze", sick, last), "sick");
    if (kinds == 0)
        return;
    struct heal_onnx_value kind = run_logits(model, "head.kind", p, network ? &network->kind : NULL,
                                             layout->kind, layout->kind_bias, kinds);
    heal_onnx_name(&model->graph, kind, "kind");
    run_classes(model, kind);
}

static void run(struct heal_onnx_model *model) {
    struct heal_onnx_value x;

    heal_onnx_begin(model);
    struct edges edges = read_edges(&model->graph);
    x = heal_onnx_input(model, scaled(&model->graph, &model->weights->card.scaling, edges.zero));
    x = run_layer(model, &edges, 0, x);
    run_heads(model, run_layer(model, &edges, 1, x), edges.axis1);
}

/* ---- the whole ---- */

static int finish(struct heal_onnx_model *model, uint8_t **ret_bytes, size_t *ret_length) {
    const struct heal_card *card = &model->weights->card;
    const struct heal_onnx_port input[] = {
        {"features", HEAL_ONNX_FLOAT, 2, {"vertices", NULL}, {0, card->shape.inputs}},
        {"edges",    HEAL_ONNX_INT64, 2, {NULL, "edges"},    {2, 0}                 },
    };
    const struct heal_onnx_port output[] = {
        {"sick",  HEAL_ONNX_FLOAT, 1, {"vertices", NULL}, {0, 0}                     },
        {"kind",  HEAL_ONNX_FLOAT, 2, {"vertices", NULL}, {0, card->shape.kinds}     },
        {"class", HEAL_ONNX_FLOAT, 1, {NULL, NULL},       {1U + card->shape.kinds, 0}},
    };
    struct heal_card_texts *texts = malloc(sizeof *texts);
    struct heal_onnx_text text[HEAL_CARD_ENTRIES_MAX];

    if (!texts)
        return -ENOMEM;
    int r = heal_card_format(card, texts);
    for (size_t i = 0; r == 0 && i < texts->entries; i++)
        text[i] = (struct heal_onnx_text){texts->entry[i].name, texts->entry[i].value};
    if (r == 0)
        r = heal_onnx_finish(&model->graph, input, 2, output, card->shape.kinds > 0 ? 3 : 1, text,
                             (unsigned)texts->entries, ret_bytes, ret_length);
    free(texts);
    return r;
}

int heal_onnx_encode(const struct heal_weights *weights, uint8_t **ret_bytes, size_t *ret_length,
                     struct heal_error *error) {
    struct heal_onnx_model model = {.weights = weights, .quantised = weights->card.network == HEAL_CARD_INT8};
    int r = heal_card_check(&weights->card, error);

    if (r < 0)
        return r;
    heal_gnn_layout_make(&weights->card.shape, &model.layout);
    run(&model);
    r = finish(&model, ret_bytes, ret_length);
    free(model.graph.nodes.bytes);
    free(model.graph.initializers.bytes);
    return r;
}
