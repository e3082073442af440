# Completion in bash of consentctl and the programs beside it: what completes, `consentctl complete` knows.
_consentctl ()
{
    local line
    COMPREPLY=()
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
            COMPREPLY+=("${line%%$'\t'*}")
            ;;
        esac
    done < <(consentctl complete -- "${COMP_WORDS[@]:0:COMP_CWORD}" "$2" 2>/dev/null)
}

complete -F _consentctl @programs@
