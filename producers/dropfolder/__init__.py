"""A watched folder: files that are put into it are taken in, once, and filed away with their receipt.

```
DROP/…                      put files here, in subfolders too
DROP/.working/WATCHER/N/    claimed by a watcher: the file, and claim.json
DROP/done/YYYY-MM-DD/       taken in: the file, FILE.receipt.json and FILE.receipt.html
DROP/refused/YYYY-MM-DD/    refused as a whole: the same, the sentence in both
```

Polling only: it works on any file system, also where nobody tells of changes. A claim is a rename within the folder,
which one of several watchers wins. What a killed watcher left is taken over by the next (its lock is gone); taking a
file in twice publishes nothing the second time, so every step may be done again.
"""
