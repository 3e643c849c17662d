create or replace table analytics.retail.store_sales_daily as
select
    d_date as sales_date,
    s_store_id as store_id,
    s_store_name as store_name,
    s_state as state,
    sum(ss_quantity) as units_sold,
    sum(ss_ext_sales_price) as gross_sales,
    sum(ss_net_paid) as net_paid,
    sum(ss_net_profit) as net_profit
from snowflake_sample_data.tpcds_sf10tcl.store_sales
inner join snowflake_sample_data.tpcds_sf10tcl.date_dim
    on ss_sold_date_sk = d_date_sk
inner join snowflake_sample_data.tpcds_sf10tcl.store
    on ss_store_sk = s_store_sk
group by d_date, s_store_id, s_store_name, s_state;
