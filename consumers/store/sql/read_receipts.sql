select r.batch::text, r.dossier, r.file, r.feed, r.unit, r.accepted, r.unchanged, r.refused_total, r.signed, r.recorded_at,
    coalesce((select jsonb_agg(jsonb_build_object('line', f.line, 'field', f.field, 'reason', f.reason,
            'message', f.message) order by f.place)
        from store.receipt_refusals f where f.batch = r.batch), '[]') as refused
from store.receipts r
where r.recorded_at < %(before)s
order by r.recorded_at desc, r.batch
limit %(limit)s
