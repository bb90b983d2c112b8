/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/completion.h"

#include <string.h>

#include "healctl/verb.h"

/* @return whether an earlier row has the same first word. */
static bool is_repeated(size_t index, size_t length) {
    const char *name = heal_verb_at(index)->name;

    for (size_t i = 0; i < index; i++) {
        const char *earlier = heal_verb_at(i)->name;

        if (strncmp(earlier, name, length) == 0 && (!earlier[length] || earlier[length] == ' '))
            return true;
    }
    return false;
}

/* Calls for each first word, once. */
static void first_words(FILE *out, void (*each)(FILE *out, const char *word, const struct heal_verb *verb)) {
    const struct heal_verb *verb;

    for (size_t i = 0; (verb = heal_verb_at(i)); i++) {
        size_t length = strcspn(verb->name, " ");
        char word[32];

        if (is_repeated(i, length))
            continue;
        snprintf(word, sizeof word, "%.*s", (int)length, verb->name);
        each(out, word, verb);
    }
}

static void bare(FILE *out, const char *word, const struct heal_verb *verb) {
    (void)verb;
    fprintf(out, "%s ", word);
}

/* The second words of a group. */
static void second_words(FILE *out, const char *group) {
    size_t length = strlen(group);
    const struct heal_verb *verb;

    for (size_t i = 0; (verb = heal_verb_at(i)); i++)
        if (strncmp(verb->name, group, length) == 0 && verb->name[length] == ' ')
            fprintf(out, "%s ", verb->name + length + 1);
}

static void option_names(FILE *out, const struct heal_verb *verb) {
    for (const struct heal_verb_option *o = verb->option; o->name; o++)
        fprintf(out, "%s ", o->name);
    for (const struct heal_verb_option *o = heal_verb_common_options; o->name; o++)
        if (heal_verb_takes_common(verb, o))
            fprintf(out, "%s ", o->name);
}

/* What the first argument may be. */
static void argument_words(FILE *out, const struct heal_verb *verb) {
    char word[32];

    fputs(verb->words ? verb->words : "", out);
    for (size_t i = 0; heal_verb_form_word(verb, i, word, sizeof word); i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", word);
}

/* One arm of the shell's case over "$verb". */
static void case_arms(FILE *out, const char *variable) {
    const struct heal_verb *verb;

    for (size_t i = 0; (verb = heal_verb_at(i)); i++) {
        fprintf(out, "    '%s') %s='", verb->name, variable);
        if (!strchr(verb->name, ' '))
            second_words(out, verb->name);
        argument_words(out, verb);
        fputs("' options='", out);
        option_names(out, verb);
        fputs("' ;;\n", out);
    }
}

/* A group that is no verb itself. */
static void group_arm(FILE *out, const char *variable, const char *word, const struct heal_verb *verb) {
    if (!heal_verb_is_group(word) || !strchr(verb->name, ' '))
        return;
    fprintf(out, "    '%s') %s='", word, variable);
    second_words(out, word);
    fputs("' options='--help' ;;\n", out);
}

static void group_arm_bash(FILE *out, const char *word, const struct heal_verb *verb) {
    group_arm(out, "words", word, verb);
}

static void group_arm_zsh(FILE *out, const char *word, const struct heal_verb *verb) {
    group_arm(out, "choices", word, verb);
}

void heal_completion_bash(FILE *out) {
    fputs("# bash completion for healctl, made from its table of verbs\n"
          "_healctl() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb='' words='' "
          "options=''\n"
          "    local -i i\n"
          "    COMPREPLY=()\n"
          "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "        case ${COMP_WORDS[i]} in\n"
          "        --socket) i+=1 ;;\n"
          "        -*) ;;\n"
          "        *) verb=${verb:+$verb }${COMP_WORDS[i]} ;;\n"
          "        esac\n"
          "    done\n"
          "    if [[ $previous == --socket || $previous == up || $previous == check || $previous == show ]]; "
          "then\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
          "        return\n"
          "    fi\n"
          "    case $verb in\n"
          "    '') words='",
          out);
    first_words(out, bare);
    fputs("' options='--json --socket --help' ;;\n", out);
    case_arms(out, "words");
    first_words(out, group_arm_bash);
    fputs("    esac\n"
          "    [[ $current != -* ]] || words=$options\n"
          "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
          "}\n"
          "complete -F _healctl healctl\n",
          out);
}

/* In single quotes of a shell. */
static void quoted(FILE *out, const char *text) {
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (*text != '[' && *text != ']')
            fputc(*text, out);
    }
}

static void zsh_verb(FILE *out, const char *word, const struct heal_verb *verb) {
    fprintf(out, "        '%s:", word);
    quoted(out, verb->summary);
    fputs("'\n", out);
}

void heal_completion_zsh(FILE *out) {
    fputs("#compdef healctl\n# zsh completion for healctl, made from its table of verbs\n"
          "_healctl() {\n"
          "    local -a verbs typed\n"
          "    local word verb='' choices='' options=''\n"
          "    verbs=(\n",
          out);
    first_words(out, zsh_verb);
    fputs(
        "    )\n"
        "    for word in ${words[2,CURRENT-1]}; do\n"
        "        [[ $word == -* ]] || typed+=($word)\n"
        "    done\n"
        "    verb=\"${typed[*]}\"\n"
        "    if [[ -z $verb ]]; then\n"
        "        [[ ${words[CURRENT]} == -* ]] && compadd -- --json --socket --help || _describe verb verbs\n"
        "        return\n"
        "    fi\n"
        "    case $verb in\n",
        out);
    case_arms(out, "choices");
    first_words(out, group_arm_zsh);
    fputs("    esac\n"
          "    if [[ ${words[CURRENT]} == -* ]]; then\n"
          "        compadd -- ${=options}\n"
          "    else\n"
          "        compadd -- ${=choices}\n"
          "        _files\n"
          "    fi\n"
          "}\n"
          "_healctl \"$@\"\n",
          out);
}

static void fish_verb(FILE *out, const char *word, const struct heal_verb *verb) {
    fprintf(out, "complete -c healctl -n __fish_use_subcommand -f -a %s -d '", word);
    quoted(out, verb->summary);
    fputs("'\n", out);
}

static void fish_options(FILE *out, const struct heal_verb *verb) {
    char first[32];

    snprintf(first, sizeof first, "%.*s", (int)strcspn(verb->name, " "), verb->name);
    for (const struct heal_verb_option *o = verb->option; o->name; o++) {
        fprintf(out, "complete -c healctl -n '__fish_seen_subcommand_from %s' -l %s%s -d '", first,
                o->name + 2, o->value ? " -r" : "");
        quoted(out, o->text);
        fputs("'\n", out);
    }
    if (strchr(verb->name, ' ') || verb->words) {
        fprintf(out, "complete -c healctl -n '__fish_seen_subcommand_from %s' -f -a '%s' -d '", first,
                strchr(verb->name, ' ') ? strchr(verb->name, ' ') + 1 : verb->words);
        quoted(out, verb->summary);
        fputs("'\n", out);
    }
}

void heal_completion_fish(FILE *out) {
    const struct heal_verb *verb;

    fputs("# fish completion for healctl, made from its table of verbs\n"
          "complete -c healctl -l json -d 'print JSON'\n"
          "complete -c healctl -l socket -r -d 'the admin socket'\n"
          "complete -c healctl -l help -d 'say more'\n",
          out);
    first_words(out, fish_verb);
    for (size_t i = 0; (verb = heal_verb_at(i)); i++)
        fish_options(out, verb);
}
