select
    md5(id || '-' || sku) as supply_uuid,
    id as supply_id,
    sku as product_id,
    name as supply_name,
    (cost / 100)::decimal(16, 2) as supply_cost,
    perishable as is_perishable_supply
from {{ ref('raw_supplies') }}
