create or replace view analytics.staging.stg_locations as
select
    id as location_id,
    name as location_name,
    tax_rate,
    opened_at::date as opened_date
from raw.public.stores;
