#compdef @programs@
# Completion in zsh of consentctl and the programs beside it: what completes, `consentctl complete` knows.
local line files directories
local -a found
for line in ${(f)"$(consentctl complete -- "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)"}; do
    case $line in
    :files) files=yes ;;
    :directories) directories=yes ;;
    *) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
done
(( ${#found} )) && _describe -t words word found
[[ -n $files$directories && $PREFIX == --*=* ]] && compset -P '*='
[[ -n $files ]] && _files
[[ -n $directories ]] && _files -/
(( ${#found} )) || [[ -n $files$directories ]]
