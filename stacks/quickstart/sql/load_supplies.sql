-- Read from the application's database each night; the file goes to RAW.PUBLIC.SUPPLIES by COPY INTO.
select
    id,
    name,
    cost,
    perishable,
    sku,
    current_timestamp as _loaded_at
from jaffle_shop.public.supplies;
