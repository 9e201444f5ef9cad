select batch, dossier, file, feed, accepted, unchanged, refused_total, signed, recorded_at
from store.receipts
where batch = %(batch)s
