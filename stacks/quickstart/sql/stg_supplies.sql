create or replace view analytics.staging.stg_supplies as
select
    md5(id || '-' || sku) as supply_uuid,
    id as supply_id,
    sku as product_id,
    name as supply_name,
    (cost / 100)::number(16, 2) as supply_cost,
    perishable as is_perishable_supply
from raw.public.supplies;
