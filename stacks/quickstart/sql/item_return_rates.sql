create or replace table analytics.retail.item_return_rates as
with sold as (
    select
        ss_item_sk,
        sum(ss_quantity) as units_sold
    from snowflake_sample_data.tpcds_sf10tcl.store_sales
    group by ss_item_sk
),

returned as (
    select
        sr_item_sk,
        sum(sr_return_quantity) as units_returned,
        sum(sr_net_loss) as net_loss
    from snowflake_sample_data.tpcds_sf10tcl.store_returns
    group by sr_item_sk
)

select
    item.i_item_id as item_id,
    item.i_product_name as product_name,
    item.i_brand as brand,
    item.i_category as category,
    sold.units_sold,
    coalesce(returned.units_returned, 0) as units_returned,
    coalesce(returned.units_returned, 0) / nullif(sold.units_sold, 0) as return_rate,
    coalesce(returned.net_loss, 0) as net_loss
from snowflake_sample_data.tpcds_sf10tcl.item as item
inner join sold
    on item.i_item_sk = sold.ss_item_sk
left join returned
    on item.i_item_sk = returned.sr_item_sk;
