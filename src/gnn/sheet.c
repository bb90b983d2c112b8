/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A pass' weights, as its products read them. */
#include "gnn/lanes.h"
#include "gnn/pass_state.h"

static uint32_t up_to(size_t count, size_t step) {
    return (uint32_t)((count + step - 1) / step * step);
}

static void lay_sheet(struct heal_gnn_pass *pass, enum heal_gnn_sheet_name name, size_t inputs,
                      size_t outputs) {
    struct heal_gnn_sheet *sheet = &pass->sheet[name];

    *sheet = (struct heal_gnn_sheet){.terms = (uint32_t)inputs + 1,
                                     .outputs = (uint32_t)outputs,
                                     .columns = up_to(outputs, HEAL_BLOCK),
                                     .turned_columns = up_to(inputs, HEAL_BLOCK),
                                     .at = pass->sheets_size,
                                     .turned_at = pass->turned_size};
    pass->sheets_size += up_to(sheet->terms, HEAL_GNN_TALL) * sheet->columns;
    pass->turned_size += sheet->outputs * sheet->turned_columns;
}

/* By where the tensor begins: its number in the layout is nobody's business. */
static void set(struct heal_gnn_pass *pass, uint32_t at, enum heal_gnn_sheet_name name, size_t row,
                size_t column) {
    unsigned t = 0;

    while (pass->layout.tensor[t].at != at)
        t++;
    pass->inset[t] =
        (struct heal_gnn_inset){.sheet = (uint16_t)name, .row = (uint16_t)row, .column = (uint16_t)column};
}

static void lay_layer(struct heal_gnn_pass *pass, unsigned number) {
    const struct heal_gnn_layer *layer = &pass->shape.layer[number];
    enum heal_gnn_sheet_name name = number == 0 ? HEAL_GNN_SHEET_LAYER1 : HEAL_GNN_SHEET_LAYER2;
    size_t row = heal_gnn_own_columns(pass, number);

    set(pass, pass->layout.layer[number].self, name, 0, 0);
    for (unsigned t = 0; t < layer->terms; t++) {
        set(pass, pass->layout.layer[number].term[t], name, row, 0);
        row += layer->term[t].width;
    }
    set(pass, pass->layout.layer[number].bias, name, row, 0);
    lay_sheet(pass, name, row, pass->shape.hidden);
}

void heal_gnn_sheets_lay(struct heal_gnn_pass *pass) {
    const struct heal_gnn_layout *layout = &pass->layout;
    size_t kinds = pass->shape.kinds, half = pass->shape.hidden / 2;

    for (unsigned t = 0; t < layout->tensors; t++)
        pass->inset[t].sheet = HEAL_GNN_SHEETS;
    pass->hidden = up_to(pass->shape.hidden, HEAL_BLOCK);
    pass->half = up_to(half, HEAL_BLOCK);
    for (unsigned number = 0; number < HEAL_GNN_LAYERS; number++)
        lay_layer(pass, number);
    lay_sheet(pass, HEAL_GNN_SHEET_GATE, pass->hidden, half);
    set(pass, layout->gate, HEAL_GNN_SHEET_GATE, 0, 0);
    set(pass, layout->gate_bias, HEAL_GNN_SHEET_GATE, pass->hidden, 0);
    lay_sheet(pass, HEAL_GNN_SHEET_GATE_OUT, pass->half, 1);
    set(pass, layout->gate_out, HEAL_GNN_SHEET_GATE_OUT, 0, 0);
    set(pass, layout->gate_out_bias, HEAL_GNN_SHEET_GATE_OUT, pass->half, 0);
    lay_sheet(pass, HEAL_GNN_SHEET_HEAD, pass->hidden, half);
    set(pass, layout->head, HEAL_GNN_SHEET_HEAD, 0, 0);
    set(pass, layout->head_bias, HEAL_GNN_SHEET_HEAD, pass->hidden, 0);
    lay_sheet(pass, HEAL_GNN_SHEET_LOGITS, pass->half, 1 + kinds);
    set(pass, layout->sick, HEAL_GNN_SHEET_LOGITS, 0, 0);
    set(pass, layout->sick_bias, HEAL_GNN_SHEET_LOGITS, pass->half, 0);
    if (kinds == 0)
        return;
    set(pass, layout->kind, HEAL_GNN_SHEET_LOGITS, 0, 1);
    set(pass, layout->kind_bias, HEAL_GNN_SHEET_LOGITS, pass->half, 1);
}

static void turn(struct heal_gnn_pass *pass, const struct heal_gnn_sheet *sheet) {
    const float *from = pass->sheets + sheet->at;
    float *to = pass->turned + sheet->turned_at;

    for (size_t o = 0; o < sheet->outputs; o++) {
        for (size_t i = 0; i + 1 < sheet->terms; i++)
            to[o * sheet->turned_columns + i] = from[i * sheet->columns + o];
    }
}

void heal_gnn_sheets_fill(struct heal_gnn_pass *pass, const float *weights) {
    for (unsigned t = 0; t < pass->layout.tensors; t++) {
        const struct heal_gnn_tensor *tensor = &pass->layout.tensor[t];

        if (pass->inset[t].sheet == HEAL_GNN_SHEETS)
            continue;
        const struct heal_gnn_sheet *sheet = &pass->sheet[pass->inset[t].sheet];
        float *to = pass->sheets + sheet->at + pass->inset[t].row * sheet->columns + pass->inset[t].column;

        for (size_t i = 0; i < tensor->inputs; i++)
            memcpy(to + i * sheet->columns, weights + tensor->at + i * tensor->outputs,
                   tensor->outputs * sizeof *to);
    }
    for (unsigned s = HEAL_GNN_SHEET_LAYER2; s < HEAL_GNN_SHEETS; s++) /* the inputs learn nothing */
        turn(pass, &pass->sheet[s]);
}

void heal_gnn_sheets_gain(const struct heal_gnn_pass *pass, float *gradient) {
    for (unsigned t = 0; t < pass->layout.tensors; t++) {
        const struct heal_gnn_tensor *tensor = &pass->layout.tensor[t];

        if (pass->inset[t].sheet == HEAL_GNN_SHEETS)
            continue;
        const struct heal_gnn_sheet *sheet = &pass->sheet[pass->inset[t].sheet];
        const float *from =
            pass->gradient + sheet->at + pass->inset[t].row * sheet->columns + pass->inset[t].column;

        for (size_t i = 0; i < tensor->inputs; i++)
            for (size_t o = 0; o < tensor->outputs; o++)
                gradient[tensor->at + i * tensor->outputs + o] += from[i * sheet->columns + o];
    }
}
