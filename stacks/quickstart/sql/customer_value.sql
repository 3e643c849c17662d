create or replace table analytics.retail.customer_value as
with bought as (
    select
        sales.ss_customer_sk,
        min(dates.d_date) as first_purchase_date,
        max(dates.d_date) as last_purchase_date,
        count(distinct sales.ss_ticket_number) as count_tickets,
        sum(sales.ss_net_paid) as net_paid,
        sum(sales.ss_net_profit) as net_profit
    from snowflake_sample_data.tpcds_sf10tcl.store_sales as sales
    inner join snowflake_sample_data.tpcds_sf10tcl.date_dim as dates
        on sales.ss_sold_date_sk = dates.d_date_sk
    group by sales.ss_customer_sk
),

returned as (
    select
        sr_customer_sk,
        sum(sr_net_loss) as net_loss
    from snowflake_sample_data.tpcds_sf10tcl.store_returns
    group by sr_customer_sk
)

select
    customer.c_customer_id as customer_id,
    customer.c_first_name || ' ' || customer.c_last_name as full_name,
    customer.c_email_address as email_address,
    customer.c_birth_country as birth_country,
    bought.first_purchase_date,
    bought.last_purchase_date,
    bought.count_tickets,
    bought.net_paid,
    coalesce(returned.net_loss, 0) as net_loss,
    bought.net_profit - coalesce(returned.net_loss, 0) as net_value
from snowflake_sample_data.tpcds_sf10tcl.customer as customer
inner join bought
    on customer.c_customer_sk = bought.ss_customer_sk
left join returned
    on customer.c_customer_sk = returned.sr_customer_sk;
