create or replace table analytics.marts.locations as
select
    location_id,
    location_name,
    tax_rate,
    opened_date
from analytics.staging.stg_locations;
