# Completion in bash of consentctl and the programs beside it: what completes, `consentctl complete` knows.

# bash splits words at ":" too, as in naw:jeugdwet. Puts what stands together on the line together again: the words
# before the cursor in `words`, the last of them as far as the cursor ($1 is what bash has of that).
_consentctl_words ()
{
    local rest=$COMP_LINE word before="" blanks i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        blanks=${rest%%[![:space:]]*}
        rest=${rest#"$blanks"}
        word=${COMP_WORDS[i]}
        rest=${rest#"$word"}
        if [ "$i" = "$COMP_CWORD" ] && [ "$word" != : ]; then # of a ":" alone bash has nothing
            word=$1
        fi
        if [ "$i" -gt 0 ] && [ -z "$blanks" ] && [[ ${COMP_WORDS[i]} == :* || $before == *: ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        before=${COMP_WORDS[i]}
    done
}

_consentctl ()
{
    local line word words
    COMPREPLY=()
    _consentctl_words "$2"
    word=${words[-1]}
    while IFS= read -r line; do
        case $line in
        :files | :directories)
            # Beside other words the names are listed here; alone, readline knows them better ("~", links).
            if [ ${#COMPREPLY[@]} -gt 0 ]; then
                compopt -o filenames
                mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$2")
            elif [ "$line" = :files ]; then
                compopt -o default
            else
                compopt -o filenames -o dirnames
            fi
            ;;
        *)
            line=${line%%$'\t'*}
            # What stands before the last ":" readline leaves as it is.
            if [[ $COMP_WORDBREAKS == *:* && $word == *:* ]]; then
                line=${line#"${word%:*}:"}
            fi
            COMPREPLY+=("$line")
            ;;
        esac
    done < <(consentctl complete -- "${words[@]}" 2>/dev/null)
}

complete -F _consentctl @programs@
