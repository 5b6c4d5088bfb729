/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Registers of the 16550.  Source: National Semiconductor PC16550D datasheet, table 2. */
#ifndef HV_X86_UART_REG_H
#define HV_X86_UART_REG_H

#define UART_RBR 0 /* read: receiver buffer */
#define UART_THR 0 /* write: transmitter holding */
#define UART_DLL 0 /* with DLAB: divisor, low byte */
#define UART_DLM 1 /* with DLAB: divisor, high byte */
#define UART_IER 1
#define UART_IIR 2 /* read */
#define UART_FCR 2 /* write */
#define UART_LCR 3
#define UART_MCR 4
#define UART_LSR 5
#define UART_MSR 6
#define UART_SCR 7

#define UART_IER_ERBFI 0x01 /* received data */
#define UART_IER_ETBEI 0x02 /* transmitter empty */
#define UART_IER_ELSI  0x04 /* line status */

#define UART_IIR_NO_INT 0x01
#define UART_IIR_FIFO	0xc0 /* both: the FIFOs are enabled and work */

#define UART_FCR_ENABLE	   0x01
#define UART_FCR_CLEAR_RX  0x02
#define UART_FCR_CLEAR_TX  0x04
#define UART_FCR_TRIGGER_8 0x80

#define UART_LCR_8N1  0x03
#define UART_LCR_DLAB 0x80

#define UART_MCR_DTR  0x01
#define UART_MCR_RTS  0x02
#define UART_MCR_OUT2 0x08 /* gates the interrupt line on a PC */

#define UART_LSR_DR   0x01
#define UART_LSR_OE   0x02
#define UART_LSR_BI   0x10
#define UART_LSR_THRE 0x20
#define UART_LSR_TEMT 0x40

#define UART_CLOCK_BAUD 115200u /* 1.8432 MHz / 16 */

#endif /* HV_X86_UART_REG_H */
