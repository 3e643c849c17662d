-- Read from the application's database each night; the file goes to RAW.PUBLIC.PRODUCTS by COPY INTO.
select
    sku,
    name,
    type,
    price,
    description,
    current_timestamp as _loaded_at
from jaffle_shop.public.products;
