/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The equations of gnn/shape.h as ONNX operators. */
#include "weights/onnx.h"

#include "base/number.h"
#include "gnn/quantise.h"
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

static struct heal_onnx_value take(struct heal_onnx_model *model, const struct edges *edges, const char *name,
                                   struct heal_onnx_value source, const struct heal_gnn_term *term,
                                   double scale) {
    struct heal_onnx *graph = &model->graph;
    struct heal_onnx_value sent = messages(graph, edges, name, source, term), taken;
    char width[48], beyond[48];

    snprintf(width, sizeof width, "%.36s.width", name);
    snprintf(beyond, sizeof beyond, "%.36s.none", name);
    if (term->aggregate == HEAL_GNN_MEAN) {
        taken = scattered(graph, edges, filled(graph, edges, width, edges->zero, term->width), sent, "add");
        taken = heal_onnx_pair(graph, "Div", taken, edges->degree);
        return heal_onnx_round(model, taken, name, scale);
    }
    bool largest = term->aggregate == HEAL_GNN_LARGEST;
    struct heal_onnx_value none = heal_onnx_scalar(graph, beyond, largest ? -INFINITY : INFINITY);
    taken = scattered(graph, edges, filled(graph, edges, width, none, term->width), sent,
                      largest ? "max" : "min");
    const struct heal_onnx_value choice[] = {edges->has, taken, edges->zero};
    return heal_onnx_operate(graph, "Where", NULL, 3, choice);
}

/* ---- layers and heads ---- */

static const struct heal_gnn_ranges *ranges_of(const struct heal_onnx_model *model) {
    return &model->weights->card.ranges;
}

static struct heal_onnx_value run_layer(struct heal_onnx_model *model, const struct edges *edges,
                                        unsigned number, struct heal_onnx_value source, double scale,
                                        double one) {
    const struct heal_gnn_shape *shape = &model->weights->card.shape;
    const struct heal_gnn_layer *layer = &shape->layer[number];
    unsigned channels = number == 0 ? shape->inputs : shape->hidden, first = channels;
    struct heal_onnx_rows rows[1 + HEAL_GNN_TERMS_MAX];
    char name[2 + 2 * HEAL_GNN_TERMS_MAX][40];

    snprintf(name[0], sizeof name[0], "layer%u.self.weight", number + 1);
    snprintf(name[1], sizeof name[1], "layer%u.bias", number + 1);
    rows[0] = (struct heal_onnx_rows){source, name[0], 0, channels, model->layout.layer[number].self, scale};
    for (unsigned t = 0; t < layer->terms; t++) {
        bool is_mean = layer->term[t].aggregate == HEAL_GNN_MEAN;
        double own = is_mean ? heal_gnn_scale_of(ranges_of(model)->mean[number][t]) : scale;
        char *place = name[2 + 2 * t], *weight = name[3 + 2 * t];

        snprintf(place, sizeof name[0], "layer%u.term%u", number + 1, t + 1);
        snprintf(weight, sizeof name[0], "layer%u.term%u.weight", number + 1, t + 1);
        rows[1 + t] = (struct heal_onnx_rows){take(model, edges, place, source, &layer->term[t], own),
                                              weight,
                                              first,
                                              layer->term[t].width,
                                              model->layout.layer[number].term[t],
                                              own};
        first += layer->term[t].width;
    }
    const struct heal_onnx_target target = {
        .name = name[1],
        .outputs = shape->hidden,
        .bias = model->layout.layer[number].bias,
        .dense = model->quantised ? &model->weights->integer->layer[number] : NULL,
        .one = one,
    };
    return heal_onnx_sum(model, rows, 1U + layer->terms, &target);
}

/* A dense matrix from one value to another, rectified. */
static struct heal_onnx_value run_half(struct heal_onnx_model *model, const char *const name[static 3],
                                       struct heal_onnx_value source, const struct heal_gnn_dense *dense,
                                       const uint32_t at[static 2], double scale, double one) {
    unsigned hidden = model->weights->card.shape.hidden;
    const struct heal_onnx_rows rows = {source, name[0], 0, hidden, at[0], scale};
    const struct heal_onnx_target target = {
        .name = name[1], .outputs = hidden / 2, .bias = at[1], .dense = dense, .one = one};

    return heal_onnx_round(model,
                           heal_onnx_single(&model->graph, "Relu", heal_onnx_sum(model, &rows, 1, &target)),
                           name[2], one);
}

static struct heal_onnx_value run_logits(struct heal_onnx_model *model, const char *const name[static 2],
                                         struct heal_onnx_value source, const struct heal_gnn_wide *wide,
                                         const uint32_t at[static 2], double scale, unsigned outputs) {
    const struct heal_onnx_rows rows = {source, name[0], 0, model->weights->card.shape.hidden / 2U,
                                        at[0],  scale};
    const struct heal_onnx_target target = {.name = name[1], .outputs = outputs, .bias = at[1], .wide = wide};

    return heal_onnx_sum(model, &rows, 1, &target);
}

static void run_heads(struct heal_onnx_model *model, struct heal_onnx_value h2, struct heal_onnx_value last) {
    const struct heal_gnn_ranges *ranges = ranges_of(model);
    const struct heal_gnn_integer *network = model->weights->integer;
    const struct heal_gnn_layout *layout = &model->layout;
    const bool quantised = model->quantised;
    double h2_one = heal_gnn_scale_of(ranges->h2), gate_one = heal_gnn_scale_of(ranges->gate_hidden),
           u_one = heal_gnn_scale_of(ranges->u), p_one = heal_gnn_scale_of(ranges->p);
    struct heal_onnx_value gate =
        run_half(model, (const char *const[]){"gate.hidden.weight", "gate.hidden.bias", "gate.hidden"}, h2,
                 quantised ? &network->gate : NULL, (const uint32_t[]){layout->gate, layout->gate_bias},
                 h2_one, gate_one);

    gate = run_logits(model, (const char *const[]){"gate.out.weight", "gate.out.bias"}, gate,
                      quantised ? &network->gate_out : NULL,
                      (const uint32_t[]){layout->gate_out, layout->gate_out_bias}, gate_one, 1);
    gate = heal_onnx_single(&model->graph, "Sigmoid", gate);
    struct heal_onnx_value u =
        heal_onnx_round(model, heal_onnx_pair(&model->graph, "Mul", h2, gate), "u", u_one);
    struct heal_onnx_value p = run_half(
        model, (const char *const[]){"head.hidden.weight", "head.hidden.bias", "p"}, u,
        quantised ? &network->head : NULL, (const uint32_t[]){layout->head, layout->head_bias}, u_one, p_one);
    struct heal_onnx_value sick = run_logits(
        model, (const char *const[]){"head.sick.weight", "head.sick.bias"}, p,
        quantised ? &network->sick : NULL, (const uint32_t[]){layout->sick, layout->sick_bias}, p_one, 1);
    heal_onnx_name(&model->graph, heal_onnx_pair(&model->graph, "Squeeze", sick, last), "sick");
    if (model->weights->card.shape.kinds == 0)
        return;
    struct heal_onnx_value kind =
        run_logits(model, (const char *const[]){"head.kind.weight", "head.kind.bias"}, p,
                   quantised ? &network->kind : NULL, (const uint32_t[]){layout->kind, layout->kind_bias},
                   p_one, model->weights->card.shape.kinds);
    heal_onnx_name(&model->graph, kind, "kind");
}

static void run(struct heal_onnx_model *model) {
    const struct heal_gnn_ranges *ranges = ranges_of(model);
    struct edges edges = read_edges(&model->graph);
    double input = heal_gnn_scale_of(ranges->input), h1_one = heal_gnn_scale_of(ranges->h1),
           h2_one = heal_gnn_scale_of(ranges->h2);
    struct heal_onnx_value x = scaled(&model->graph, &model->weights->card.scaling, edges.zero), h1, h2;

    x = heal_onnx_round(model, x, "x", input);
    h1 = heal_onnx_single(&model->graph, "Relu", run_layer(model, &edges, 0, x, input, h1_one));
    h1 = heal_onnx_round(model, h1, "h1", h1_one);
    h2 = heal_onnx_round(model, run_layer(model, &edges, 1, h1, h1_one, h2_one), "h2", h2_one);
    run_heads(model, h2, edges.axis1);
}

/* ---- the whole ---- */

static int finish(struct heal_onnx_model *model, uint8_t **ret_bytes, size_t *ret_length) {
    const struct heal_card *card = &model->weights->card;
    const struct heal_onnx_port input[] = {
        {"features", HEAL_ONNX_FLOAT, 2, {"vertices", NULL}, {0, card->shape.inputs}},
        {"edges",    HEAL_ONNX_INT64, 2, {NULL, "edges"},    {2, 0}                 },
    };
    const struct heal_onnx_port output[] = {
        {"sick", HEAL_ONNX_FLOAT, 1, {"vertices", NULL}, {0, 0}                },
        {"kind", HEAL_ONNX_FLOAT, 2, {"vertices", NULL}, {0, card->shape.kinds}},
    };
    struct heal_card_texts *texts = malloc(sizeof *texts);
    struct heal_onnx_text text[HEAL_CARD_ENTRIES_MAX];

    if (!texts)
        return -ENOMEM;
    int r = heal_card_format(card, texts);
    for (size_t i = 0; r == 0 && i < texts->entries; i++)
        text[i] = (struct heal_onnx_text){texts->entry[i].name, texts->entry[i].value};
    if (r == 0)
        r = heal_onnx_finish(&model->graph, input, 2, output, card->shape.kinds > 0 ? 2 : 1, text,
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
    if (model.quantised && !weights->card.measured)
        return heal_error_set(error, -EINVAL, 0, 0,
                              "the file does not say ranges, which the scales are made of");
    heal_gnn_layout_make(&weights->card.shape, &model.layout);
    run(&model);
    r = finish(&model, ret_bytes, ret_length);
    free(model.graph.nodes.bytes);
    free(model.graph.initializers.bytes);
    return r;
}
