-- Read from the application's database each night; the file goes to RAW.PUBLIC.CUSTOMERS by COPY INTO.
select
    id,
    name,
    current_timestamp as _loaded_at
from jaffle_shop.public.customers;
