-- Read from the application's database each night; the file goes to RAW.PUBLIC.STORES by COPY INTO.
select
    id,
    name,
    opened_at,
    tax_rate,
    current_timestamp as _loaded_at
from jaffle_shop.public.stores;
