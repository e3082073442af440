# What completes a command line of consentctl or a program beside it: `consentctl complete` knows.
function __consentctl_complete
    set -l typed (commandline -ct)
    for line in (consentctl complete -- (commandline -opc) "$typed" 2>/dev/null)
        switch $line
            case :files :directories
                set -l before (string replace -r -- '^(--[^=]*=|).*$' '$1' $typed)
                set -l name (string replace -r -- '^--[^=]*=' '' $typed)
                set -l found (complete -C "'' $name") # of no command: names of files
                if test $line = :directories
                    set found (string match -r -- '^[^\t]*/(?:\t.*)?$' $found)
                end
                for one in $found
                    echo $before$one
                end
            case '*'
                echo $line
        end
    end
end
