# Completion in fish of @program@: see __consentctl_complete.
complete -c @program@ -f -a '(__consentctl_complete)'
