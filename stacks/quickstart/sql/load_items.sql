-- Read from the application's database each night; the file goes to RAW.PUBLIC.ITEMS by COPY INTO.
select
    id,
    order_id,
    sku,
    current_timestamp as _loaded_at
from jaffle_shop.public.items;
