create or replace view analytics.staging.stg_order_items as
select
    id as order_item_id,
    order_id,
    sku as product_id
from raw.public.items;
