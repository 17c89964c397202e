/** Words that a shell carries out itself, so that no program of this name is started. Source: POSIX.1-2024, dash(1), 2026-11. */
export const SHELL_BUILTINS: ReadonlySet<string> = new Set(
  (
    '. : [ alias bg break builtin case cd command continue coproc declare do done echo elif else esac eval exec exit ' +
    'export false fc fg fi for function getopts hash help history if jobs kill let local printf pwd read readonly ' +
    'return select set shift source test then time times trap true type typeset ulimit umask unalias unset until ' +
    'wait while { }'
  ).split(' '),
);

/** Names of scripts: a file without `#!` is run by a shell, never by the kernel. */
export const SCRIPT_NAME = /\.(?:sh|bash|ksh|zsh|py|rb|pl|php|js|mjs|cjs)$/;
